#include "observe/hep_reports.hpp"

#include <boost/json.hpp>

namespace patchbay::observe {

namespace {

namespace json = boost::json;
constexpr int sender_report = 200, receiver_report = 201, goodbye = 203;  // RFC 3550, section 12.1

std::chrono::microseconds wall_time_in_microseconds() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
}

json::object block_of(const media::ReportBlock& block) {
    return {{"source_ssrc", block.ssrc},          {"fraction_lost", block.fraction_lost},
            {"packets_lost", block.packets_lost}, {"highest_seq_no", block.highest_sequence},
            {"ia_jitter", block.jitter},          {"lsr", block.last_sr},
            {"dlsr", block.delay_since_sr}};
}

}  // namespace

std::string json_of(const media::RtcpReport& report) {
    json::object out{{"ssrc", report.ssrc},
                     {"type", report.bye      ? goodbye
                              : report.sender ? sender_report
                                              : receiver_report},
                     {"report_count", report.blocks.size()}};
    if (const auto& sender = report.sender) {
        out["sender_information"] = json::object{{"ntp_timestamp_sec", sender->ntp_time >> 32U},
                                                 {"ntp_timestamp_usec", sender->ntp_time & 0xFFFFFFFFU},
                                                 {"rtp_timestamp", sender->rtp_time},
                                                 {"packets", sender->packets},
                                                 {"octets", sender->octets}};
    }
    json::array blocks;
    for (const auto& block : report.blocks) blocks.push_back(block_of(block));
    out["report_blocks"] = std::move(blocks);
    return json::serialize(out);
}

std::string json_of(LegId leg, CallRef call, const call::Quality& quality) {
    return json::serialize(json::object{{"CORRELATION_ID", leg.text()},
                                        {"CALL_REF", call.text()},
                                        {"CODEC_NAME", quality.codec},
                                        {"TOTAL_PK", quality.received},
                                        {"PACKET_SENT", quality.sent},
                                        {"PACKET_LOSS", quality.lost},
                                        {"PACKET_LOSS_REMOTE", quality.lost_remote},
                                        {"JITTER", quality.jitter.count()},
                                        {"DELAY", quality.round_trip.count()},
                                        {"MOS", quality.mos}});
}

void HepReports::rtcp(const media::RtcpNotice& notice) const {
    const auto payload = json_of(notice.report);
    sender_.send({.kind = HepKind::rtcp,
                  .from = notice.sent ? notice.local : notice.remote,
                  .to = notice.sent ? notice.remote : notice.local,
                  .at = wall_time_in_microseconds(),
                  .payload = payload,
                  .correlation = notice.leg.text()});
}

void HepReports::take(const call::Event& event) const {
    const auto* ended = std::get_if<call::LegEnded>(&event.body);
    if (ended == nullptr || !ended->quality || !sender_.on()) return;
    const auto payload = json_of(event.leg, event.call, *ended->quality);
    sender_.send({.kind = HepKind::quality,
                  .from = {},
                  .to = {},
                  .at = std::chrono::duration_cast<std::chrono::microseconds>(event.at.time_since_epoch()),
                  .payload = payload,
                  .correlation = event.leg.text()});
}

}  // namespace patchbay::observe
