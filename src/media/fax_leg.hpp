// A leg that is a fax machine's: it takes what the leg sends, as audio or by T.38, answers it, and makes a
// document of what came. It lives on a media thread of its own (faxes.hpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/fax_machine.hpp"
#include "media/format.hpp"
#include "media/jitter_buffer.hpp"
#include "media/recording.hpp"
#include "media/rtp.hpp"
#include "media/udptl.hpp"

namespace patchbay::media {

/// What a fax is to become.
struct FaxJob {
    std::filesystem::path stem;  ///< of its files: .tiff, .pdf, .json
    std::string station;
    RecordingFacts facts;
};

/// One media thread's. Writes files.
class FaxLeg {
  public:
    explicit FaxLeg(FaxJob job);
    /// Files that are not whole are removed.
    ~FaxLeg();
    FaxLeg(const FaxLeg&) = delete;
    FaxLeg& operator=(const FaxLeg&) = delete;

    /// T.38 was agreed, or audio: a change begins the fax anew.
    void agree(const std::optional<T38Terms>& t38);
    bool is_t38() const { return terms_.has_value(); }
    /// A packet of G.711 came.
    void hear(const RtpPacket& packet, const Format& format, Moment now);
    /// A datagram of T.38 came. False when it is none.
    bool take(std::span<const std::uint8_t> datagram);

    /// As audio: the next 20 ms that the leg hears. Valid until the next call.
    std::span<const std::int16_t> speak(Moment now);
    /// By T.38: lets 20 ms pass. Returns the datagrams to send, valid until the next call.
    const std::vector<std::vector<std::uint8_t>>& pass_time();
    void hang_up();

    /// What became of the fax, once: its document is written then.
    std::optional<FaxMachine::Result> take_result();

  private:
    void begin();
    void fill(std::span<std::int16_t> frame, Moment now);
    bool write_document(const FaxMachine::Result& result);

    FaxJob job_;
    std::filesystem::path unfinished_;
    std::optional<T38Terms> terms_;
    std::unique_ptr<FaxMachine> machine_;  ///< none: it is over
    Format format_;
    JitterBuffer packets_;
    bool playing_ = false;
    std::uint32_t next_ = 0;  ///< timestamp of what is to be heard next
    std::vector<std::int16_t> heard_, said_, ready_;
    std::optional<UdptlSender> sender_;
    UdptlReceiver receiver_;
    std::vector<std::vector<std::uint8_t>> sending_, sent_;
};

}  // namespace patchbay::media
