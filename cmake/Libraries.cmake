# The libraries of docs/architecture.md, each under one target name.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(mimalloc REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
pkg_check_modules(SOFIA REQUIRED IMPORTED_TARGET sofia-sip-ua)

# Headers of libraries are not ours to warn about.
add_library(sofia INTERFACE)
target_include_directories(sofia SYSTEM INTERFACE ${SOFIA_INCLUDE_DIRS})
target_link_libraries(sofia INTERFACE ${SOFIA_LINK_LIBRARIES})

add_library(boost INTERFACE)
target_link_libraries(boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(boost INTERFACE BOOST_ASIO_NO_DEPRECATED)

add_library(boost_json INTERFACE)
target_link_libraries(boost_json INTERFACE Boost::json)

pkg_check_modules(SOUND REQUIRED IMPORTED_TARGET sndfile speexdsp)
add_library(sound ALIAS PkgConfig::SOUND)
