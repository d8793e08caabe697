#include "sip/tls_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace patchbay::sip {

namespace {

std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("sip.tls_files: cannot read " + file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

TlsFolder::TlsFolder(const config::TlsFiles& files) {
    const auto key = content(files.key), certificate = content(files.certificate);
    path_ = (std::filesystem::temp_directory_path() / "patchbay-tls-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr)
        throw std::runtime_error("no temporary folder for the TLS certificate");
    std::ofstream out(path_ + "/agent.pem", std::ios::binary);
    out << key << '\n' << certificate << '\n';
    if (!out.flush()) throw std::runtime_error("cannot write the TLS certificate to " + path_);
    // Sofia asks for a file of authorities even when it verifies nobody.
    std::ofstream(path_ + "/cafile.pem", std::ios::binary) << certificate << '\n';
}

TlsFolder::~TlsFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace patchbay::sip
