// What the configuration file says, as plain values. Made by load.hpp, which has checked every value; read by
// all rooms; never changed after: a reload makes a new one and hands it round as shared_ptr<const Config>.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace patchbay::config {

/// An IP address and port to listen on or send to. The address is a literal, IPv4 or IPv6 without brackets.
struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
    auto operator<=>(const Endpoint&) const = default;
};

struct TlsFiles {
    std::string certificate;  ///< PEM file, the chain with the leaf first
    std::string key;          ///< PEM file
};

struct Node {
    std::string name = "node1";
    std::string data = "./data";  ///< folder; made when missing
    std::string log_level = "info";
    Seconds drain_timeout{60};  ///< on SIGTERM calls may go on this long
};

struct Sip {
    std::optional<Endpoint> udp, tcp, tls;
    std::optional<TlsFiles> tls_files;
    std::string websocket =
        "/sip";  ///< path of the HTTP server where SIP over WebSocket is served; empty: nowhere
    std::string
        external;  ///< address written into Via, Contact and SDP when it is not the bound one; empty: bound
    Seconds min_expires{60}, max_expires{3600};              ///< of registrations
    Seconds session_expires{1800}, min_session_expires{90};  ///< RFC 4028
    /// Algorithms that phones are challenged with, in that order (RFC 8760). MD5 alone by default: common
    /// phones give up when they see one they do not know.
    std::vector<std::string> digest{"MD5"};
    Seconds ring_timeout{60};        ///< an unanswered outgoing leg is cleared after this
    int calls_per_second_limit = 0;  ///< new calls admitted a second; 0: as many as the machine carries
};

/// What is done about encrypted audio (SRTP).
enum class Srtp : std::uint8_t {
    off,       ///< neither offered nor taken
    optional,  ///< taken when offered; offered where the other side may leave it
    required,  ///< no call without
};

/// How DTMF digits go to a phone or trunk, and come from it.
enum class Dtmf : std::uint8_t {
    automatic,  ///< telephone-events when agreed, else INFO when the other side knows it, else tones
    rfc4733,    ///< telephone-events alone
    info,       ///< SIP INFO alone
    inband,     ///< tones among the audio alone
};

/// How recordings are kept.
struct Recording {
    std::string format = "wav";  ///< wav | flac | opus: what a recording is once its leg has ended
    Seconds retention{0};        ///< older ones are removed; 0: never
    bool operator==(const Recording&) const = default;
};

/// How received faxes are kept.
struct Fax {
    Seconds retention{0};  ///< older ones are removed; 0: never
    bool operator==(const Fax&) const = default;
};

struct Media {
    std::string address = "127.0.0.1";
    std::uint16_t first_port = 20000, last_port = 29999;
    int threads = 1;
    std::string recordings = "./data/recordings";
    std::string faxes = "./data/faxes";  ///< folder of what numbers for fax received
    std::string
        music;  ///< sound file for music on hold (any libsndfile reads, mono or stereo); empty: our own
    Seconds timeout{
        60};  ///< a connected leg that sends no RTP this long is ended with cause `media`; 0: never
    Srtp srtp = Srtp::optional;     ///< for all who have no setting of their own
    bool sdes_without_tls = false;  ///< keys may go through SIP that is not encrypted
    Recording recording;
    Fax fax;
    std::vector<std::string> codecs{"PCMA", "PCMU", "G722", "opus"};  ///< in the order we offer them
    int ptime = 20;                             ///< milliseconds a packet, where the other side asks for none
    bool hear_all_digits = false;               ///< also tones that reach their only listener as they are
    std::string ringback = "ru";                ///< the country whose ringing tone callers hear
    std::map<std::string, std::string> sounds;  ///< name → file: what settings may ask to be played
};

struct Http {
    Endpoint listen{"127.0.0.1", 8086};
    std::string
        external;  ///< scheme and authority clients reach us by, without slash at the end; empty: unknown
    std::optional<TlsFiles> tls;
    std::size_t max_header = 16 * 1024, max_body = 1024 * 1024;  ///< bytes
    std::size_t max_connections = 4096;
    Seconds idle_timeout{75};
    int threads = 1;
};

struct Storage {
    std::string url = "sqlite:./data/patchbay.db";  ///< or postgresql://…
    Milliseconds sync{10};  ///< most that a power cut can cost of the journal; 0: every group is synced first
    Seconds journal_retention{7 * 24 * 3600};
    std::chrono::days history_retention{0};  ///< 0: CDRs are kept for ever
};

/// Where RTCP reports and what we make of them are copied to for capture (HEP version 3).
struct Hep {
    std::optional<Endpoint> address;  ///< of the collector; none: nothing is sent
    std::uint32_t capture_id = 1;     ///< this server among others that send there
    std::string password;             ///< the collector's; empty: none is sent
    bool rtcp = true;                 ///< reports of both sides, beside each leg's quality at its end
};

struct CallLimits {
    Seconds transfer_timeout{30};  ///< a transfer's target must answer within
    Seconds park_timeout{120};     ///< then the parker is rung back
    int first_park_slot = 701, last_park_slot = 799;
    int max_hops = 70;  ///< Max-Forwards of a call's first INVITE
};

struct Extension {
    int id = 0;
    std::string number, name, password;
    std::optional<Srtp> srtp{};  ///< none: as media.srtp says
    bool record = false;         ///< its talks are recorded
    Dtmf dtmf = Dtmf::automatic;
    int gain = 0;  ///< dB by which what the phone says is louder to others
};

struct Operator {
    std::string id, name, password;
    std::string number;  ///< the extension at which they work
    std::string group;
    bool supervisor = false;
    bool record = false;  ///< their talks are recorded
};

struct Queue {
    std::string id, number;
    std::string name;                    ///< for people; empty: the id
    std::vector<std::string> operators;  ///< ids, in the order that top_down and round_robin go by
    std::vector<std::string> numbers;    ///< plain numbers that are rung when no operator is free
    std::string strategy = "longest_idle";
    std::map<std::string, int> levels;  ///< skill of operators, 1 to 100; who is not named has 100
    int min_level = 0;                  ///< with strategy skills: nobody below is rung at first
    Seconds relax_after{0};             ///< after each such time waited, 10 levels less will do; 0: never
    Seconds max_wait{0};                ///< then the caller goes to `overflow`; 0: no limit
    int attempts = 0;                   ///< agent offers for one caller, then `overflow`; 0: no limit
    Seconds ring_time{20};              ///< of one agent offer
    int length = 0;                     ///< callers that may wait, more go to `overflow`; 0: no limit
    Seconds wrap_up{0};                 ///< after-call work ends by itself after this; 0: there is none
    bool manual_completion = false;     ///< after-call work lasts until the operator ends it, without wrap_up
    int priority = 0;                   ///< an operator of several queues serves the higher one first
    std::string music;  ///< while waiting and on hold, a name of media.sounds; empty: the domain's
    std::vector<std::string> welcome;  ///< sounds played once to who begins to wait, names of media.sounds
    std::string announce = "none";     ///< none | position | wait | both
    Seconds announce_every{60};
    std::string overflow;               ///< a number, of a queue too; empty: the caller is hung up
    std::string callback_prefix;        ///< put before the number that is called back
    std::string callback_digit;         ///< a waiting caller who presses it is called back; empty: cannot
    std::string on_missed = "auxwork";  ///< none | auxwork | block: what becomes of who did not answer
    std::string on_rejected = "auxwork";
    Seconds service_level{20};  ///< answered within this is in time
    Seconds short_abandon{5};   ///< hung up before this is not counted as lost
    bool record = false;        ///< talks that came through it are recorded
};

/// A number that answers by itself and receives a fax.
struct FaxNumber {
    std::string number;
    std::string name;  ///< for people
    std::string
        station;      ///< what it tells the sender of itself: digits, +, spaces, at most 20; empty: number
    bool t38 = true;  ///< T.38 is asked for and taken; else G.711 alone
};

struct TrunkInbound {
    std::vector<std::string> addresses;          ///< IP literals that may send us calls without digest
    std::map<std::string, std::string> numbers;  ///< DID → number of the domain
};

struct TrunkOutbound {
    std::string prefix;     ///< dialled numbers that begin so go out here; the longest match wins
    int strip = 0;          ///< digits removed from the front
    std::string caller_id;  ///< number shown outside; empty: the caller's own
};

struct Trunk {
    std::string name, host;
    std::uint16_t port = 5060;
    std::string transport = "udp";  ///< udp | tcp | tls
    bool register_ = false;
    std::string user, password;
    std::optional<Srtp> srtp{};  ///< none: as media.srtp says
    Dtmf dtmf = Dtmf::automatic;
    int gain = 0;         ///< dB by which what comes from there is louder to others
    bool trusted = true;  ///< P-Asserted-Identity is believed from it and sent to it (RFC 3325)
    TrunkInbound inbound;
    std::vector<TrunkOutbound> outbound;
};

/// A Ringme OAuth2 client.
struct Application {
    std::string id, secret;
    std::string scope = "all";  ///< all | call_api
    int rate_limit = 10000;     ///< requests an hour; 0: none
    bool may_supervise = true;  ///< eavesdrop, whisper and conference are allowed
};

/// Whose ringing tones we know, as settings name them.
const std::vector<std::string>& ringback_countries();

/// A virtual PBX: its own numbers, operators, queues and history.
struct Domain {
    std::string name;
    std::string prefix;             ///< Ringme prints an extension as prefix*number
    int client_id = 0;              ///< Ringme's client; 0: the domain's place in the file, from 1
    std::string music;              ///< on hold, a name of media.sounds; empty: media.music
    std::string ringback;           ///< country; empty: media.ringback
    bool recording_notice = false;  ///< in a talk that is recorded a short tone is heard now and then
    Seconds auto_logout{0};  ///< an operator without any call or command so long is logged out; 0: never
    bool only_one_session = false;  ///< a login elsewhere is refused, and does not move the operator
    std::vector<Extension> extensions;
    std::vector<Operator> operators;
    std::vector<Queue> queues;
    std::vector<FaxNumber> faxes;
    std::vector<Trunk> trunks;
    std::vector<Application> applications;

    const Extension* extension(std::string_view number) const;
    const Extension* extension_by_id(int id) const;
    const Operator* operator_by_id(std::string_view id) const;
    const Operator* operator_at(std::string_view number) const;
    const FaxNumber* fax(std::string_view number) const;
    const Trunk* trunk(std::string_view trunk_name) const;
};

struct Config {
    Node node;
    Sip sip;
    Media media;
    Http http;
    Storage storage;
    CallLimits calls;
    Hep hep;
    std::vector<Domain> domains;

    const Domain* domain(std::string_view name) const;  ///< names compare without case
};

using ConfigPtr = std::shared_ptr<const Config>;

}  // namespace patchbay::config
