# Warnings are errors, the same for every target; sanitizers by PATCHBAY_SANITIZE.
add_library(patchbay_flags INTERFACE)
target_compile_options(patchbay_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
    -Wcast-align -Wunused -Wnull-dereference -Wextra-semi -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports null dereferences and restrict overlaps inside its own inlined library code.
    target_compile_options(patchbay_flags INTERFACE -Wno-null-dereference -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # The G.711 tables are computed by the compiler, which takes more steps than clang allows by itself.
    target_compile_options(patchbay_flags INTERFACE -fconstexpr-steps=100000000)
endif()
if(PATCHBAY_UNITY)
    # Files compiled together see one another's private names; the debug build has these warnings for each file alone.
    target_compile_options(patchbay_flags INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
if(PATCHBAY_SANITIZE)
    target_compile_options(patchbay_flags INTERFACE -fsanitize=${PATCHBAY_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(patchbay_flags INTERFACE -fsanitize=${PATCHBAY_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # With sanitizers GCC inlines one of the two halves of asio's own new and delete and takes them for strangers.
        target_compile_options(patchbay_flags INTERFACE -Wno-mismatched-new-delete)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND PATCHBAY_SANITIZE MATCHES "thread")
        # Asio has a fence, which GCC's thread sanitizer does not follow; its locks order the same accesses.
        target_compile_options(patchbay_flags INTERFACE -Wno-tsan)
    endif()
endif()
find_program(PATCHBAY_MOLD mold)
if(PATCHBAY_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
