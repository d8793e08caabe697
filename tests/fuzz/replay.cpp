// Gives every file of a corpus to its parser, without a fuzzer: what one once found stays mended in every
// build.
//     corpora NAME FOLDER
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "parsers.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<std::uint8_t> bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// How many files were read.
int replay(const Parser& parser, const fs::path& folder) {
    int files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::printf("%s\n", entry.path().c_str());
        std::fflush(stdout);
        const auto bytes = bytes_of(entry.path());
        parser.take(bytes.data(), bytes.size());
        ++files;
    }
    return files;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    try {
        for (const auto& parser : parsers) {
            if (parser.name == std::string_view(arguments[1]))
                return replay(parser, arguments[2]) > 0 ? 0 : 1;
        }
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 1;
    }
    std::fprintf(stderr, "there is no parser %s\n", arguments[1]);
    return 1;
}
