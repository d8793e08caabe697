// The robot as a fax machine that sends: as audio, or by T.38 once that is agreed.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/fax_machine.hpp"
#include "media/udptl.hpp"

namespace patchbay::robot {

/// Uses the loop's thread.
class Fax {
  public:
    /// `file`: a TIFF of black and white pages.
    explicit Fax(std::string file);

    /// T.38 was agreed, or audio: a change begins anew.
    void agree(const std::optional<media::T38Terms>& t38);
    bool is_t38() const { return terms_.has_value(); }

    void hear(const std::vector<std::int16_t>& samples);
    /// The next 20 ms that it says.
    std::vector<std::int16_t> speak();

    void take(std::span<const std::uint8_t> datagram);
    /// 20 ms pass: the datagrams to send.
    std::vector<std::vector<std::uint8_t>> pass_time();

    /// What became of it, once.
    std::optional<media::FaxMachine::Result> take_result();

  private:
    void begin();

    std::string file_;
    std::optional<media::T38Terms> terms_;
    std::unique_ptr<media::FaxMachine> machine_;
    std::deque<std::int16_t> heard_;
    bool hearing_ = false;
    std::optional<media::UdptlSender> sender_;
    media::UdptlReceiver receiver_;
    std::vector<std::vector<std::uint8_t>> sending_;
};

/// What is on one page.
struct FaxPage {
    std::uint32_t width = 0, rows = 0;
    std::string pels;  ///< a hash of all of them
};

/// The pages of a TIFF; empty when it cannot be read.
std::vector<FaxPage> fax_pages(const std::string& file);

}  // namespace patchbay::robot
