// The settings of media: addresses and ports, codecs, sounds, recording.
#include <algorithm>

#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

std::string read_codecs(std::vector<std::string>& out, const Yaml& node) {
    if (auto expected = read_texts(out, node); !expected.empty()) return expected;
    const auto known = [](const std::string& codec) {
        return codec == "PCMA" || codec == "PCMU" || codec == "G722" || codec == "opus" || codec == "L16";
    };
    return !out.empty() && std::ranges::all_of(out, known)
               ? std::string()
               : std::string("expected a list of PCMA, PCMU, G722, opus and L16, with at least one");
}

std::string read_sounds(std::map<std::string, std::string>& out, const Yaml& node) {
    out.clear();
    if (node.IsNull()) return "";
    if (!node.IsMap()) return "expected a mapping of name to sound file";
    for (const auto& entry : node) {
        if (!entry.first.IsScalar() || !entry.second.IsScalar())
            return "expected a mapping of name to sound file";
        out[entry.first.Scalar()] = entry.second.Scalar();
    }
    return "";
}

}  // namespace

const Fields<Recording>& recording_fields() {
    static const Fields<Recording> fields{
        {"format",
         "wav, flac or opus",
         "wav",
         "What a recording becomes once it has ended",
         false,
         [](Recording& r, const Yaml& n) {
             return read_choice(r.format, n, {"wav", "flac", "opus"});
         },
         {}},
        {"retention",
         "seconds",
         "0",
         "Recordings older than this are removed; 0: never",
         false,
         [](Recording& r, const Yaml& n) { return read_duration(r.retention, n, 0, 100 * 365 * day); },
         {}},
    };
    return fields;
}

const Fields<Fax>& fax_keeping_fields() {
    static const Fields<Fax> fields{
        {"retention",
         "seconds",
         "0",
         "Received faxes older than this are removed; 0: never",
         false,
         [](Fax& f, const Yaml& n) { return read_duration(f.retention, n, 0, 100 * 365 * day); },
         {}},
    };
    return fields;
}

const Fields<Media>& media_fields() {
    static const Fields<Media> fields{
        {"address",
         "address",
         "127.0.0.1",
         "Where audio is sent from and received",
         false,
         [](Media& m, const Yaml& n) { return read_address(m.address, n); },
         {}},
        {"ports",
         "first-last",
         "20000-29999",
         "The ports for audio; each leg takes two",
         false,
         [](Media& m, const Yaml& n) { return read_ports(m.first_port, m.last_port, n); },
         {}},
        {"threads",
         "threads",
         "1",
         "Media threads: one for each processor left beside call control",
         false,
         [](Media& m, const Yaml& n) { return read_number(m.threads, n, 1, 64); },
         {}},
        {"recordings",
         "folder",
         "./data/recordings",
         "Where recordings are kept",
         false,
         [](Media& m, const Yaml& n) { return read_text(m.recordings, n); },
         {}},
        {"faxes",
         "folder",
         "./data/faxes",
         "Where received faxes are kept",
         false,
         [](Media& m, const Yaml& n) { return read_text(m.faxes, n); },
         {}},
        {"recording",
         "mapping",
         "{}",
         "How recordings are kept",
         false,
         {},
         [](Media& m, const Yaml& n, const std::string& path, Report& r) {
             read_record(m.recording, n, recording_fields(), path, r);
         }},
        {"fax",
         "mapping",
         "{}",
         "How received faxes are kept",
         false,
         {},
         [](Media& m, const Yaml& n, const std::string& path, Report& r) {
             read_record(m.fax, n, fax_keeping_fields(), path, r);
         }},
        {"music",
         "file or null",
         "null",
         "Music on hold: any file libsndfile reads; null: the built-in piece",
         false,
         [](Media& m, const Yaml& n) { return n.IsNull() ? std::string() : read_text(m.music, n); },
         {}},
        {"timeout",
         "seconds",
         "60",
         "A leg that sends no audio this long is ended; 0: never",
         false,
         [](Media& m, const Yaml& n) { return read_duration(m.timeout, n, 0, day); },
         {}},
        {"srtp",
         "off, optional or required",
         "optional",
         "Encrypted audio: never; where the other side offers or takes it; always",
         false,
         [](Media& m, const Yaml& n) { return read_srtp(m.srtp, n); },
         {}},
        {"sdes_without_tls",
         "true or false",
         "false",
         "SRTP keys may be sent in SIP over UDP and TCP too, where others can read them",
         false,
         [](Media& m, const Yaml& n) { return read_flag(m.sdes_without_tls, n); },
         {}},
        {"codecs",
         "list of PCMA, PCMU, G722, opus, L16",
         "[PCMA, PCMU, G722, opus]",
         "Codecs, in the order they are offered; those the other party of a call uses come first",
         false,
         [](Media& m, const Yaml& n) { return read_codecs(m.codecs, n); },
         {}},
        {"ptime",
         "milliseconds",
         "20",
         "Audio in one packet, where the other side asks for nothing else",
         false,
         [](Media& m, const Yaml& n) { return read_number(m.ptime, n, 20, 60); },
         {}},
        {"dtmf_detect",
         "needed or always",
         "needed",
         "Listening for digits among the audio: where somebody needs them another way; or also between two "
         "phones that know only tones, so that each press is an event: a fifth more work for such calls",
         false,
         [](Media& m, const Yaml& n) {
             std::string word;
             auto expected = read_choice(word, n, {"needed", "always"});
             m.hear_all_digits = word == "always";
             return expected;
         },
         {}},
        {"sounds",
         "name: file",
         "{}",
         "Sounds that other settings name, each any file libsndfile reads",
         false,
         [](Media& m, const Yaml& n) { return read_sounds(m.sounds, n); },
         {}},
        {"ringback",
         "country",
         "ru",
         "Whose ringing tone callers hear: au, cn, de, es, eu, fr, gb, in, it, jp, ru, us",
         false,
         [](Media& m, const Yaml& n) { return read_choice(m.ringback, n, ringback_countries()); },
         {}},
    };
    return fields;
}

}  // namespace patchbay::config
