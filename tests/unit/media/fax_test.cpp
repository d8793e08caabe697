// Two fax machines joined back to back, faster than life: as audio and by T.38, also over a network that
// loses datagrams. The page that comes is the page that was sent, pel for pel.
#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <tiffio.h>

#include "media/fax_document.hpp"
#include "media/fax_leg.hpp"
#include "media/fax_machine.hpp"
#include "media/g711.hpp"

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Rows = std::vector<std::vector<std::uint8_t>>;
constexpr std::uint32_t page_width = 1728;

/// A page with lines, boxes and noise, so that no row is like the one before.
Rows drawn(std::size_t rows) {
    std::mt19937 random(7);
    Rows page(rows, std::vector<std::uint8_t>(page_width / 8, 0));
    for (std::size_t y = 0; y < rows; ++y) {
        for (std::size_t x = 0; x < page_width / 8; ++x) {
            const bool box = (x / 12 + y / 40) % 3 == 0;
            page[y][x] = box ? static_cast<std::uint8_t>(0xF0 >> (y % 5)) : 0;
        }
        page[y][random() % (page_width / 8)] ^= static_cast<std::uint8_t>(random());
    }
    return page;
}

void write_tiff(const fs::path& path, const Rows& page) {
    TIFF* tiff = TIFFOpen(path.c_str(), "w");
    ASSERT_NE(tiff, nullptr);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page_width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(page.size()));
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(page.size()));
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 204.0);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 98.0);
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    for (std::uint32_t y = 0; y < page.size(); ++y) {
        auto row = page[y];
        TIFFWriteScanline(tiff, row.data(), y, 0);
    }
    TIFFClose(tiff);
}

Rows read_tiff(const fs::path& path) {
    Rows page;
    TIFF* tiff = TIFFOpen(path.c_str(), "r");
    if (tiff == nullptr) return page;
    std::uint32_t rows = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &rows);
    page.assign(rows, std::vector<std::uint8_t>(static_cast<std::size_t>(TIFFScanlineSize(tiff))));
    for (std::uint32_t y = 0; y < rows; ++y) TIFFReadScanline(tiff, page[y].data(), y, 0);
    TIFFClose(tiff);
    return page;
}

class FaxTest : public ::testing::Test {
  protected:
    FaxTest() {
        fs::create_directories(folder);
        write_tiff(folder / "sent.tiff", page);
    }
    ~FaxTest() override { fs::remove_all(folder); }

    FaxMachine::Order sending() const { return {folder / "sent.tiff", "101", true}; }
    FaxMachine::Order receiving() const { return {folder / "came.tiff", "600"}; }
    void expect_the_page_came() const { EXPECT_EQ(read_tiff(folder / "came.tiff"), page); }

    const fs::path folder = fs::temp_directory_path() / ("patchbay-fax-" + std::to_string(::getpid()));
    const Rows page = drawn(300);
};

constexpr int most_frames = 50 * 120;

TEST_F(FaxTest, as_audio_comes_pel_for_pel) {
    auto sender = std::make_unique<FaxMachine>(sending());
    auto receiver = std::make_unique<FaxMachine>(receiving());
    std::vector<std::int16_t> there(160), back(160);
    for (int i = 0; i < most_frames && !(sender->result() && receiver->result()); ++i) {
        auto heard = back, heard_there = there;
        sender->exchange(heard, there);
        receiver->exchange(heard_there, back);
    }
    ASSERT_TRUE(sender->result() && receiver->result());
    EXPECT_EQ(receiver->result()->pages, 1);
    EXPECT_EQ(receiver->result()->reason, "");
    receiver.reset();
    expect_the_page_came();
}

TEST_F(FaxTest, as_audio_outlives_timestamps_that_begin_anew) {
    auto sender = std::make_unique<FaxMachine>(sending());
    FaxLeg leg({folder / "leg", "600", {}});
    std::vector<std::int16_t> there(160), back(160);
    std::vector<std::uint8_t> payload(160);
    std::optional<FaxMachine::Result> result;
    RtpPacket packet;
    packet.header.timestamp = 0U - 160 * 50 * 10;  // passes zero after ten seconds
    Moment now{};
    for (int i = 0; i < most_frames && !(sender->result() && result); ++i, now += 20ms) {
        auto heard = back;
        sender->exchange(heard, there);
        encode(Codec::pcmu, there, payload);
        packet.payload = payload;
        packet.header.timestamp += i == 50 * 18 ? 0x8000'0000U : 160;
        leg.hear(packet, Format{.codec = Codec::pcmu}, now);
        const auto said = leg.speak(now);
        std::ranges::fill(back, std::int16_t{0});
        std::ranges::copy(said, back.begin());
        if (!result) result = leg.take_result();
    }
    ASSERT_TRUE(result);
    EXPECT_EQ(result->reason, "");
    EXPECT_EQ(read_tiff(folder / "leg.tiff"), page);
}

TEST_F(FaxTest, by_t38_comes_over_a_network_that_loses_every_seventh_datagram) {
    struct End {
        UdptlSender out{T38Terms{}};
        UdptlReceiver in;
        std::vector<std::vector<std::uint8_t>> sent;
        FaxMachine machine;
        explicit End(const FaxMachine::Order& order)
            : machine(order, 0, [this](std::span<const std::uint8_t> packet, int times) {
                  sent.insert(sent.end(), static_cast<std::size_t>(times), out.next(packet));
              }) {}
    };
    auto a = std::make_unique<End>(sending()), b = std::make_unique<End>(receiving());
    int count = 0;
    const auto pass = [&count](End& from, End& to) {
        for (const auto& datagram : std::exchange(from.sent, {})) {
            if (++count % 7 == 0) continue;
            to.in.take(datagram, [&](std::span<const std::uint8_t> packet, std::uint16_t sequence) {
                to.machine.take(packet, sequence);
            });
        }
    };
    for (int i = 0; i < most_frames && !(a->machine.result() && b->machine.result()); ++i) {
        a->machine.pass_time();
        pass(*a, *b);
        b->machine.pass_time();
        pass(*b, *a);
    }
    ASSERT_TRUE(a->machine.result() && b->machine.result());
    EXPECT_EQ(b->machine.result()->reason, "");
    b.reset();
    expect_the_page_came();
}

TEST_F(FaxTest, that_nobody_sends_is_over_at_the_hang_up) {
    FaxMachine receiver(receiving());
    std::vector<std::int16_t> silence(160), said(160);
    for (int i = 0; i < 100; ++i) receiver.exchange(silence, said);
    EXPECT_FALSE(receiver.result());
    receiver.hang_up();
    ASSERT_TRUE(receiver.result());
    EXPECT_EQ(receiver.result()->pages, 0);
    EXPECT_NE(receiver.result()->reason, "");
}

TEST_F(FaxTest, becomes_a_pdf_that_holds_the_same_data) {
    const auto pages = write_fax_pdf(folder / "sent.tiff", folder / "made.pdf");
    ASSERT_TRUE(pages) << pages.error().text;
    EXPECT_EQ(*pages, 1);
    std::ifstream file(folder / "made.pdf", std::ios::binary);
    const std::string pdf{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(pdf.substr(0, 8), "%PDF-1.4");
    EXPECT_NE(pdf.find("/K -1 /Columns 1728 /Rows 300 /BlackIs1 false"), std::string::npos);
    TIFF* tiff = TIFFOpen((folder / "sent.tiff").c_str(), "r");
    std::string strip(TIFFRawStripSize64(tiff, 0), '\0');
    TIFFReadRawStrip(tiff, 0, strip.data(), static_cast<tmsize_t>(strip.size()));
    TIFFClose(tiff);
    EXPECT_NE(pdf.find("stream\n" + strip + "\nendstream"), std::string::npos);
    // The table at the end says where each object begins.
    const auto table = pdf.rfind("\nxref\n") + 1;
    const auto first = std::stoul(pdf.substr(pdf.find("\n", pdf.find("65535 f")) + 1, 10));
    EXPECT_EQ(pdf.substr(first, 7), "1 0 obj");
    EXPECT_EQ(std::stoul(pdf.substr(pdf.rfind("startxref\n") + 10)), table);
}

TEST_F(FaxTest, that_is_no_tiff_becomes_no_pdf) {
    std::ofstream(folder / "bad.tiff") << "II*\0 nothing of the kind";
    const auto pages = write_fax_pdf(folder / "bad.tiff", folder / "made.pdf");
    ASSERT_FALSE(pages);
    EXPECT_EQ(pages.error().code, "bad_tiff");
}

TEST_F(FaxTest, leaves_no_file_when_nothing_came) {
    {
        FaxLeg leg({folder / "leg", "600", {}});
        leg.agree(T38Terms{});
        leg.pass_time();
        leg.hang_up();
        const auto result = leg.take_result();
        ASSERT_TRUE(result);
        EXPECT_EQ(result->reason, "call_dropped");
        EXPECT_FALSE(leg.take_result()) << "told once";
    }
    for (const auto& entry : fs::directory_iterator(folder)) EXPECT_EQ(entry.path().filename(), "sent.tiff");
}

}  // namespace
}  // namespace patchbay::media
