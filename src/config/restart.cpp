#include "config/restart.hpp"

#include <array>
#include <tuple>

namespace patchbay::config {
namespace {

struct Setting {
    std::string_view name;
    bool (*is_same)(const Config& a, const Config& b);
};

auto ports(const Config& config) {
    return std::tie(config.media.first_port, config.media.last_port);
}

constexpr std::array settings{
    Setting{"node.name", [](const Config& a, const Config& b) { return a.node.name == b.node.name; }},
    Setting{"node.data", [](const Config& a, const Config& b) { return a.node.data == b.node.data; }},
    Setting{"sip.udp", [](const Config& a, const Config& b) { return a.sip.udp == b.sip.udp; }},
    Setting{"sip.tcp", [](const Config& a, const Config& b) { return a.sip.tcp == b.sip.tcp; }},
    Setting{"sip.tls", [](const Config& a, const Config& b) { return a.sip.tls == b.sip.tls; }},
    Setting{"sip.websocket",
            [](const Config& a, const Config& b) { return a.sip.websocket == b.sip.websocket; }},
    Setting{"sip.external",
            [](const Config& a, const Config& b) { return a.sip.external == b.sip.external; }},
    Setting{"media.address",
            [](const Config& a, const Config& b) { return a.media.address == b.media.address; }},
    Setting{"media.ports", [](const Config& a, const Config& b) { return ports(a) == ports(b); }},
    Setting{"media.threads",
            [](const Config& a, const Config& b) { return a.media.threads == b.media.threads; }},
    Setting{"media.recordings",
            [](const Config& a, const Config& b) { return a.media.recordings == b.media.recordings; }},
    Setting{"media.recording",
            [](const Config& a, const Config& b) { return a.media.recording == b.media.recording; }},
    Setting{"media.faxes", [](const Config& a, const Config& b) { return a.media.faxes == b.media.faxes; }},
    Setting{"media.fax", [](const Config& a, const Config& b) { return a.media.fax == b.media.fax; }},
    Setting{"media.music", [](const Config& a, const Config& b) { return a.media.music == b.media.music; }},
    Setting{"media.timeout",
            [](const Config& a, const Config& b) { return a.media.timeout == b.media.timeout; }},
    Setting{"media.codecs",
            [](const Config& a, const Config& b) { return a.media.codecs == b.media.codecs; }},
    Setting{"media.ringback",
            [](const Config& a, const Config& b) { return a.media.ringback == b.media.ringback; }},
    Setting{"media.sounds",
            [](const Config& a, const Config& b) { return a.media.sounds == b.media.sounds; }},
    Setting{"http.listen", [](const Config& a, const Config& b) { return a.http.listen == b.http.listen; }},
    Setting{"http.threads",
            [](const Config& a, const Config& b) { return a.http.threads == b.http.threads; }},
    Setting{"storage.url", [](const Config& a, const Config& b) { return a.storage.url == b.storage.url; }},
    Setting{"storage.sync",
            [](const Config& a, const Config& b) { return a.storage.sync == b.storage.sync; }},
};

}  // namespace

std::vector<std::string_view> waiting_for_restart(const Config& running, const Config& next) {
    std::vector<std::string_view> names;
    for (const auto& setting : settings) {
        if (!setting.is_same(running, next)) names.push_back(setting.name);
    }
    return names;
}

}  // namespace patchbay::config
