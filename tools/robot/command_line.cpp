#include "command_line.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "sip/sdp.hpp"

namespace patchbay::robot {

namespace {

/// What CLI11 fills and what needs a second look.
struct Texts {
    std::string server = "127.0.0.1:5060", transport = "udp", srtp = "off", suites, codecs = "PCMA,PCMU",
                reliable = "supported";
    std::vector<std::string> faults;
    int answer_after = -1;
    bool ring_only = false, no_ring = false, no_telephone_event = false;
};

void add_account(CLI::App& app, CommandLine& line, Texts& texts) {
    auto& options = line.options;
    app.add_option("--server", texts.server, "SIP server, ADDRESS:PORT")->capture_default_str();
    app.add_option("--domain", options.domain, "SIP domain")->capture_default_str();
    app.add_option("--user", options.user, "number of the extension")->capture_default_str();
    app.add_option("--password", options.password, "its password; {user} stands for the number");
    app.add_option("--name", options.display_name, "display name");
    app.add_option("--transport", texts.transport, "udp or tcp")
        ->check(CLI::IsMember({"udp", "tcp"}))
        ->capture_default_str();
    app.add_option("--address", options.address, "local address")->capture_default_str();
    app.add_option("--port", options.port, "local SIP port; 0: any")->capture_default_str();
    app.add_flag("--register", options.register_at_start, "register at start");
    app.add_option("--expires", options.expires, "of the registration, s")->capture_default_str();
}

void add_sound(CLI::App& app, CommandLine& line, Texts& texts) {
    auto& options = line.options;
    app.add_option("--tone", options.tone, "steady tone to send, Hz; 0: silence")->capture_default_str();
    app.add_option("--level", options.tone_level, "of the tone, dB of full scale")->capture_default_str();
    app.add_option("--listen", options.known_tones, "tones to tell apart, Hz")
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--codecs", texts.codecs, "in our order")->capture_default_str();
    app.add_option("--srtp", texts.srtp, "encrypted audio, offered alone and taken alone: off, sdes, dtls")
        ->check(CLI::IsMember({"off", "sdes", "dtls"}))
        ->capture_default_str();
    app.add_option("--srtp-suites", texts.suites, "with sdes: suites in our order; all we know otherwise");
    app.add_flag("--ice", options.srtp.ice, "with dtls: look for the server by ICE");
    app.add_flag("--rtcp-mux", options.srtp.rtcp_mux, "RTCP on the RTP port (RFC 5761)");
    app.add_flag("--no-telephone-event", texts.no_telephone_event, "do not offer RFC 4733 digits");
    app.add_flag("--comfort-noise", options.comfort_noise, "offer and take comfort noise (RFC 3389)");
    app.add_option("--loss", options.weather.loss, "of the audio sent, per cent")->capture_default_str();
    app.add_option("--jitter", options.weather.jitter, "how late audio sent may come, ms")
        ->check(CLI::Range(0, 2000))
        ->capture_default_str();
    app.add_option("--seed", options.weather.seed, "of the chance behind --loss and --jitter")
        ->capture_default_str();
    app.add_option("--skew", options.weather.skew, "how much too fast our clock is, parts per million")
        ->check(CLI::Range(-50000.0, 50000.0))
        ->capture_default_str();
    app.add_flag("--hear-digits", options.hear_digits, "tell digits that are heard among the audio");
    app.add_flag("--t38", options.t38, "take T.38 when it is offered");
    app.add_flag("!--no-info", options.info, "do not say that INFO is understood");
    app.add_option("--report", options.report_every, "say what is heard every so many ms; 0: when asked")
        ->capture_default_str();
}

void add_manners(CLI::App& app, CommandLine& line, Texts& texts) {
    auto& options = line.options;
    app.add_option("--answer-after", texts.answer_after, "answer incoming calls after so many ms");
    app.add_flag("--ring-only", texts.ring_only, "ring and never answer, whatever --answer-after says");
    app.add_flag("--no-ring", texts.no_ring, "send no 180");
    app.add_flag("--early-media", options.early_media, "send 183 with SDP and the tone in place of 180");
    app.add_flag("--talk-event", options.talk_event,
                 "answer at NOTIFY of the event talk, and say that it can");
    app.add_flag("--auto-answer", options.auto_answer,
                 "answer at once when the INVITE asks for it (RFC 5373)");
    app.add_option("--reject", options.reject, "refuse incoming calls with this status");
    app.add_option("--session-expires", options.session_expires, "ask for a session timer (RFC 4028), s");
    app.add_option("--min-se", options.min_se, "shortest session interval we say, s");
    app.add_option("--refresher", options.refresher, "uac or uas")->check(CLI::IsMember({"uac", "uas"}));
    app.add_option("--100rel", texts.reliable, "reliable provisional responses: none, supported, required")
        ->check(CLI::IsMember({"none", "supported", "required"}))
        ->capture_default_str();
    std::string names;
    for (const auto& fault : fault_names) names += fmt::format("\n{}: {}", fault.name, fault.help);
    app.add_option("--fault", texts.faults, "a rule to break; may be repeated:" + names);
}

void add_rest(CLI::App& app, CommandLine& line) {
    app.add_option("--script", line.script, "read commands from this file in place of standard input");
    app.add_flag("--stay", line.stay, "go on when the commands have come to an end");
    app.add_option("--phones", line.traffic.phones, "phones in this process, numbered upwards from --user")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    app.add_flag("--traffic", line.traffic.on, "the phones call each other, until SIGTERM");
    app.add_option("--talk", line.traffic.talk, "average length of a call, s")->capture_default_str();
    app.add_option("--pause", line.traffic.pause, "average pause between two calls, s")
        ->capture_default_str();
}

/// Takes what was read as text. Throws CLI::ValidationError.
void settle(CommandLine& line, const Texts& texts) {
    auto& options = line.options;
    const auto colon = texts.server.rfind(':');
    options.server.address = texts.server.substr(0, colon);
    if (colon != std::string::npos) {
        const auto port = to_number(texts.server.substr(colon + 1));
        if (!port || *port < 1 || *port > 65535)
            throw CLI::ValidationError("--server", "the port is no number");
        options.server.port = static_cast<std::uint16_t>(*port);
    }
    if (!sip::sdp::is_address(options.server.address))
        throw CLI::ValidationError("--server", "must be an IP address, with a port");
    options.tcp = texts.transport == "tcp";
    const auto codecs = codecs_named(texts.codecs);
    if (!codecs) throw CLI::ValidationError("--codecs", "known are PCMA, PCMU, G722, opus and L16");
    options.codecs = *codecs;
    using Way = Options::Srtp::Way;
    options.srtp.way = texts.srtp == "sdes" ? Way::sdes : texts.srtp == "dtls" ? Way::dtls : Way::off;
    if (!texts.suites.empty()) options.srtp.suites.clear();
    for (const auto name : split(texts.suites, ',')) {
        if (texts.suites.empty()) break;
        const auto suite = media::srtp_suite_named(trim(name));
        if (!suite) throw CLI::ValidationError("--srtp-suites", "there is no such suite");
        options.srtp.suites.push_back(*suite);
    }
    options.telephone_event = !texts.no_telephone_event;
    if (texts.answer_after >= 0 && !texts.ring_only) options.answer_after = texts.answer_after;
    options.ring = !texts.no_ring;
    if (texts.reliable == "none") options.reliable = Reliable::none;
    if (texts.reliable == "required") options.reliable = Reliable::required;
    for (const auto& name : texts.faults)
        if (!set_fault(options.faults, name, true))
            throw CLI::ValidationError("--fault", "there is no " + name);
}

}  // namespace

std::optional<std::vector<media::Codec>> codecs_named(std::string_view list) {
    std::vector<media::Codec> codecs;
    for (const auto name : split(list, ',')) {
        const auto codec = media::codec_named(trim(name));
        if (!codec) return std::nullopt;
        codecs.push_back(*codec);
    }
    return codecs;
}

std::optional<int> read_command_line(int argc, char** argv, CommandLine& line) {
    CLI::App app{
        "A scripted SIP phone: sends a steady tone, says which tones it hears, and breaks rules on demand.\n"
        "Commands are JSON lines on standard input, facts are JSON lines on standard output.",
        "robot"};
    Texts texts;
    add_account(app, line, texts);
    add_sound(app, line, texts);
    add_manners(app, line, texts);
    add_rest(app, line);
    try {
        app.parse(argc, argv);
        settle(line, texts);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    return std::nullopt;
}

Options options_of_phone(const CommandLine& line, int index) {
    Options options = line.options;
    if (const auto first = to_number(options.user); first && index > 0)
        options.user = std::to_string(*first + index);
    if (const auto at = options.password.find("{user}"); at != std::string::npos)
        options.password.replace(at, 6, options.user);
    if (line.traffic.phones > 1 && options.port != 0)
        options.port = static_cast<std::uint16_t>(options.port + index);
    if (line.traffic.phones > 1 && options.tone > 0) options.tone += 25 * (index % 40);
    return options;
}

}  // namespace patchbay::robot
