// Files over HTTP: whole, in part, unchanged, or not at all (RFC 9110, sections 13 and 14).
#include "http/file_response.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

using Kind = WantedRange::Kind;

TEST(Range, is_read_as_the_standard_says) {
    struct Case {
        const char* header;
        Kind kind;
        std::uint64_t first, last;
    };
    for (const auto& [header, kind, first, last] : {
             Case{"bytes=0-0", Kind::part, 0, 0},
             {"bytes=10-19", Kind::part, 10, 19},
             {"bytes=10-", Kind::part, 10, 99},
             {"bytes=90-1000", Kind::part, 90, 99},
             {"bytes=-10", Kind::part, 90, 99},
             {"bytes=-1000", Kind::part, 0, 99},
             {"bytes=100-", Kind::none, 0, 0},
             {"bytes=-0", Kind::none, 0, 0},
             {"bytes=5-4", Kind::whole, 0, 0},
             {"bytes=0-1,5-6", Kind::whole, 0, 0},
             {"bytes=-", Kind::whole, 0, 0},
             {"bytes=a-b", Kind::whole, 0, 0},
             {"bytes=--5", Kind::whole, 0, 0},
             {"lines=0-1", Kind::whole, 0, 0},
             {"bytes=99999999999999999999-", Kind::whole, 0, 0},
             {"", Kind::whole, 0, 0},
         }) {
        const auto wanted = read_range(header, 100);
        EXPECT_EQ(wanted.kind, kind) << header;
        EXPECT_EQ(wanted.range.first, first) << header;
        EXPECT_EQ(wanted.range.last, last) << header;
    }
    EXPECT_EQ(read_range("bytes=-5", 0).kind, Kind::none);
}

struct FileResponse : ::testing::Test {
    FileResponse() { std::ofstream(path) << "0123456789"; }
    ~FileResponse() override { std::filesystem::remove(path); }
    Response get(Headers headers = {}) {
        Request request;
        request.headers = std::move(headers);
        return file_response(request, path, "audio/wav");
    }
    static std::string header(const Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return "";
    }
    std::filesystem::path path =
        std::filesystem::temp_directory_path() /
        ("file_response_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
         std::to_string(::getpid()));
};

TEST_F(FileResponse, gives_the_whole_file_with_its_tag) {
    const auto whole = get();
    EXPECT_EQ(whole.status, 200);
    ASSERT_TRUE(whole.file);
    EXPECT_EQ(whole.file->offset, 0U);
    EXPECT_EQ(whole.file->length, 10U);
    EXPECT_EQ(header(whole, "Accept-Ranges"), "bytes");
    const auto tag = header(whole, "ETag");
    EXPECT_EQ(get({{"If-None-Match", "\"other\", " + tag}}).status, 304);
    EXPECT_EQ(get({{"If-None-Match", "\"other\""}}).status, 200);
}

TEST_F(FileResponse, gives_a_part) {
    const auto part = get({{"Range", "bytes=2-4"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.file->offset, 2U);
    EXPECT_EQ(part.file->length, 3U);
    EXPECT_EQ(header(part, "Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(get({{"Range", "bytes=2-4"}, {"If-Range", "\"old\""}}).status, 200) << "it changed meanwhile";
    EXPECT_EQ(get({{"Range", "bytes=2-4"}, {"If-Range", header(part, "ETag")}}).status, 206);
}

TEST_F(FileResponse, refuses_what_is_not_there) {
    const auto beyond = get({{"Range", "bytes=10-"}});
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(header(beyond, "Content-Range"), "bytes */10");
    std::filesystem::remove(path);
    EXPECT_EQ(get().status, 404);
}

}  // namespace
}  // namespace patchbay::http
