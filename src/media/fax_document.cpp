#include "media/fax_document.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <tiffio.h>

namespace patchbay::media {

namespace {

struct CloseTiff {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

/// One strip of a page: an image of its own in T.6.
struct Strip {
    std::uint32_t rows = 0;
    std::string data;
};

struct Page {
    std::uint32_t width = 0, height = 0;       ///< pels
    double dots_across = 204, dots_down = 98;  ///< an inch
    bool black_is_one = false;
    std::vector<Strip> strips;
};

std::uint8_t reversed(std::uint8_t byte) {
    std::uint8_t result = 0;
    for (int bit = 0; bit < 8; ++bit)
        result = static_cast<std::uint8_t>((result << 1U) | ((byte >> bit) & 1));
    return result;
}

/// PDF wants the first pel in the highest bit.
void put_first_pel_highest(std::string& data) {
    for (char& byte : data) byte = static_cast<char>(reversed(static_cast<std::uint8_t>(byte)));
}

void read_resolution(TIFF* tiff, Page& page) {
    float across = 0, down = 0;
    std::uint16_t unit = RESUNIT_INCH;
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &across);
    TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &down);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    const double factor = unit == RESUNIT_CENTIMETER ? 2.54 : 1;
    if (across > 0) page.dots_across = across * factor;
    if (down > 0) page.dots_down = down * factor;
}

bool read_strips(TIFF* tiff, Page& page) {
    std::uint16_t order = FILLORDER_MSB2LSB;
    std::uint32_t rows_a_strip = page.height;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &order);
    TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &rows_a_strip);
    rows_a_strip = std::clamp<std::uint32_t>(rows_a_strip, 1, page.height);
    std::uint32_t left = page.height;
    for (std::uint32_t strip = 0; strip < TIFFNumberOfStrips(tiff) && left > 0; ++strip) {
        const auto size = TIFFRawStripSize64(tiff, strip);
        constexpr std::uint64_t largest = 64U << 20U;
        if (size == 0 || size > largest) return false;
        Strip read{std::min(rows_a_strip, left), std::string(size, '\0')};
        if (TIFFReadRawStrip(tiff, strip, read.data.data(), static_cast<tmsize_t>(size)) < 0) return false;
        if (order == FILLORDER_LSB2MSB) put_first_pel_highest(read.data);
        left -= read.rows;
        page.strips.push_back(std::move(read));
    }
    return left == 0;
}

bool read_page(TIFF* tiff, Page& page) {
    std::uint16_t compression = 0, photometric = PHOTOMETRIC_MINISWHITE;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page.height);
    TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    if (page.width == 0 || page.height == 0 || compression != COMPRESSION_CCITTFAX4) return false;
    page.black_is_one = photometric == PHOTOMETRIC_MINISBLACK;
    read_resolution(tiff, page);
    return read_strips(tiff, page);
}

/// Writes objects one after the other and remembers where each began, for the table at the end (ISO 32000-1,
/// section 7.5).
class PdfFile {
  public:
    explicit PdfFile(const std::filesystem::path& path) : file_(path, std::ios::binary | std::ios::trunc) {
        write("%PDF-1.4\n");
    }
    int reserve() {
        places_.push_back(0);
        return static_cast<int>(places_.size());
    }
    void object(int number, std::string_view content) {
        places_[static_cast<std::size_t>(number) - 1] = size_;
        write(fmt::format("{} 0 obj\n{}\nendobj\n", number, content));
    }
    int stream(std::string_view dictionary, std::string_view data) {
        const int number = reserve();
        object(number,
               fmt::format("<< {} /Length {} >>\nstream\n{}\nendstream", dictionary, data.size(), data));
        return number;
    }
    bool finish(int catalogue) {
        const auto table = size_;
        write(fmt::format("xref\n0 {}\n0000000000 65535 f \n", places_.size() + 1));
        for (const auto place : places_) write(fmt::format("{:010} 00000 n \n", place));
        write(fmt::format("trailer\n<< /Size {} /Root {} 0 R >>\nstartxref\n{}\n%%EOF\n", places_.size() + 1,
                          catalogue, table));
        file_.flush();
        return file_.good();
    }

  private:
    void write(std::string_view bytes) {
        file_ << bytes;
        size_ += bytes.size();
    }
    std::ofstream file_;
    std::size_t size_ = 0;
    std::vector<std::size_t> places_;
};

int write_page(PdfFile& pdf, const Page& page, int parent) {
    constexpr double points_an_inch = 72;
    const double width = page.width / page.dots_across * points_an_inch;
    const double down = points_an_inch / page.dots_down;
    double top = page.height * down;
    const double height = top;
    std::string drawing, images;
    for (std::size_t i = 0; i < page.strips.size(); ++i) {
        const Strip& strip = page.strips[i];
        const int image = pdf.stream(
            fmt::format("/Type /XObject /Subtype /Image /Width {0} /Height {1} /BitsPerComponent 1 "
                        "/ColorSpace /DeviceGray /Filter /CCITTFaxDecode "
                        "/DecodeParms << /K -1 /Columns {0} /Rows {1} /BlackIs1 {2} >>",
                        page.width, strip.rows, page.black_is_one),
            strip.data);
        top -= strip.rows * down;
        images += fmt::format("/I{} {} 0 R ", i, image);
        drawing +=
            fmt::format("q {:.3f} 0 0 {:.3f} 0 {:.3f} cm /I{} Do Q\n", width, strip.rows * down, top, i);
    }
    const int content = pdf.stream("", drawing);
    const int number = pdf.reserve();
    pdf.object(number,
               fmt::format("<< /Type /Page /Parent {} 0 R /MediaBox [0 0 {:.3f} {:.3f}] /Contents {} 0 R "
                           "/Resources << /XObject << {}>> >> >>",
                           parent, width, height, content, images));
    return number;
}

}  // namespace

Result<int> write_fax_pdf(const std::filesystem::path& tiff, const std::filesystem::path& pdf) {
    const std::unique_ptr<TIFF, CloseTiff> source(TIFFOpen(tiff.c_str(), "r"));
    if (!source) return Error{"bad_tiff", tiff.string() + " is no TIFF file"};
    PdfFile file(pdf);
    const int catalogue = file.reserve(), list = file.reserve();
    std::string kids;
    int pages = 0;
    do {
        Page page;
        if (!read_page(source.get(), page))
            return Error{"bad_tiff", tiff.string() + " has a page not of group 4"};
        kids += fmt::format("{} 0 R ", write_page(file, page, list));
        ++pages;
    } while (TIFFReadDirectory(source.get()) != 0);
    file.object(list, fmt::format("<< /Type /Pages /Count {} /Kids [ {}] >>", pages, kids));
    file.object(catalogue, fmt::format("<< /Type /Catalog /Pages {} 0 R >>", list));
    if (!file.finish(catalogue)) return Error{"disk_error", pdf.string() + " cannot be written"};
    return pages;
}

}  // namespace patchbay::media
