// What a robot is told on its command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "faults.hpp"
#include "media/format.hpp"

namespace patchbay::robot {

/// How reliable provisional responses (RFC 3262) are offered and used.
enum class Reliable : std::uint8_t { none, supported, required };

/// One phone's settings.
struct Options {
    /// How audio is encrypted.
    struct Srtp {
        enum class Way : std::uint8_t { off, sdes, dtls };
        Way way = Way::off;
        std::vector<media::SrtpSuite> suites{media::SrtpSuite::aead_aes_128_gcm,
                                             media::SrtpSuite::aes_cm_128_hmac_sha1_80};
        bool ice = false;       ///< with DTLS: look for the peer by checks
        bool rtcp_mux = false;  ///< also without encryption
    };
    /// What the network does to the audio it sends, and how wrong its clock is.
    struct Weather {
        double loss = 0;  ///< per cent
        int jitter = 0;   ///< ms that a packet may be late
        unsigned seed = 1;
        double skew = 0;  ///< parts per million that its packets come too fast
        bool bad() const { return loss > 0 || jitter > 0; }
    };
    config::Endpoint server{"127.0.0.1", 5060};
    std::string domain = "demo.local";
    std::string user = "101", password, display_name;
    bool tcp = false;
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    bool register_at_start = false;
    int expires = 300;  ///< s

    double tone = 0;  ///< Hz; 0: silence
    double tone_level = -12;
    std::vector<double> known_tones{425, 675, 925, 1175, 1425};
    std::vector<media::Codec> codecs{media::Codec::pcma, media::Codec::pcmu};
    bool telephone_event = true;
    bool comfort_noise = false;  ///< name it (RFC 3389)
    bool t38 = false;            ///< take T.38 when it is offered
    bool hear_digits = false;    ///< tell DTMF heard among the audio
    bool info = true;            ///< INFO is in our Allow
    Srtp srtp;
    Weather weather;
    int report_every = 0;  ///< ms between "heard" facts; 0: none

    std::optional<int> answer_after;  ///< ms; none: wait for the command
    bool ring = true;                 ///< send 180 to an incoming call at once
    bool early_media = false;         ///< 183 with SDP and our tone in its place
    bool talk_event = false;          ///< answers when told to by NOTIFY of the event `talk`, and says so
    bool auto_answer = false;         ///< answers at once a call that asks for it (RFC 5373)
    int reject = 0;                   ///< this status to every incoming call; 0: none

    int session_expires = 0;  ///< RFC 4028; 0: not asked for
    int min_se = 0;
    std::string refresher;  ///< uac | uas | empty
    Reliable reliable = Reliable::supported;
    Faults faults;
    /// The methods we say that we understand.
    std::string allow() const {
        return std::string("INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, REFER, NOTIFY") +
               (info ? ", INFO" : "");
    }
    bool show_messages = false;  ///< every SIP message as a fact
};

/// The codecs that such a list names ("opus,PCMA"); nothing when one of them is unknown.
std::optional<std::vector<media::Codec>> codecs_named(std::string_view list);

/// Random calls between the phones of one process.
struct Traffic {
    int phones = 1;
    bool on = false;
    double talk = 20;   ///< s, on average
    double pause = 10;  ///< s between two calls of one phone, on average
};

}  // namespace patchbay::robot
