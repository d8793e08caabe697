#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/text.hpp"
#include "http/http.hpp"
#include "http/url.hpp"

namespace patchbay::http {
namespace {

constexpr std::size_t most_segments = 16;

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::vector<std::string> pattern_segments(std::string_view pattern) {
    std::vector<std::string> segments;
    for (const auto segment : split(pattern, '/')) {
        if (!segment.empty()) segments.emplace_back(segment);
    }
    return segments;
}

// A path in segments; a fixed array, because every request is taken apart.
struct PathSegments {
    std::array<std::string_view, most_segments> parts;
    std::array<std::string, most_segments> decoded;  // storage for those that had escapes
    std::size_t count = 0;

    bool read(std::string_view path) {
        while (!path.empty()) {
            const auto slash = path.find('/');
            const auto part = path.substr(0, slash);
            path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
            if (!part.empty() && !add(part)) return false;
        }
        return true;
    }

  private:
    bool add(std::string_view part) {
        if (count == most_segments) return false;
        if (part.find('%') != std::string_view::npos) {
            auto text = percent_decode(part);
            if (!text) return false;
            decoded[count] = std::move(*text);
            part = decoded[count];
        }
        parts[count++] = part;
        return true;
    }
};

bool begins(const std::vector<std::string>& pattern, const PathSegments& path) {
    if (pattern.size() > path.count) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != path.parts[i] && !is_parameter(pattern[i])) return false;
    }
    return true;
}

bool fits(const std::vector<std::string>& pattern, const PathSegments& path) {
    return pattern.size() == path.count && begins(pattern, path);
}

Headers parameters_of(const std::vector<std::string>& pattern, const PathSegments& path) {
    Headers parameters;
    for (std::size_t i = 0; i < path.count; ++i) {
        if (!is_parameter(pattern[i])) continue;
        parameters.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), path.parts[i]);
    }
    return parameters;
}

void add_allowed(std::string& allow, std::string_view method) {
    if (!allow.empty()) allow += ", ";
    allow += method;
    if (method == "GET") allow += ", HEAD";
}

}  // namespace

void Router::add(std::string method, std::string pattern, Handler handler) {
    auto segments = pattern_segments(pattern);
    insert({std::move(method), std::move(pattern), std::move(segments), std::move(handler), {}});
}

void Router::add_socket(std::string pattern, SocketHandler handler, std::string protocol) {
    auto segments = pattern_segments(pattern);
    insert({"GET", std::move(pattern), std::move(segments), {}, std::move(handler), std::move(protocol)});
}

void Router::refuse_below(const std::string& prefix, Refusal refusal) {
    below_.push_back({pattern_segments(prefix), std::move(refusal)});
}

void Router::insert(Route route) {
    const auto before = [](const Route& a, const Route& b) {
        return std::ranges::lexicographical_compare(a.segments, b.segments, {}, is_parameter, is_parameter);
    };
    for (const auto& known : routes_) {
        if (known.method == route.method && known.segments == route.segments) {
            throw std::logic_error("two routes for " + route.method + " " + route.pattern);
        }
    }
    routes_.insert(std::ranges::upper_bound(routes_, route, before), std::move(route));
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
    Match match;
    PathSegments segments;
    if (!segments.read(path)) return match;
    const Route* fallback = nullptr;  // GET, for a HEAD that has no route of its own
    const Route* found = nullptr;
    for (const auto& route : routes_) {
        if (!fits(route.segments, segments)) continue;
        if (!match.pattern) match.pattern = &route.pattern;
        if (route.method == method) {
            found = &route;
            break;
        }
        if (method == "HEAD" && route.method == "GET" && !fallback) fallback = &route;
        add_allowed(match.allow, route.method);
    }
    if (!found) found = fallback;
    if (!found) {
        const auto below =
            std::ranges::find_if(below_, [&](const Below& each) { return begins(each.segments, segments); });
        if (below != below_.end()) match.refusal = &below->refusal;
        return match;
    }
    match.pattern = &found->pattern;
    match.allow.clear();
    match.parameters = parameters_of(found->segments, segments);
    if (found->socket) {
        match.socket = &found->socket;
        match.protocol = found->protocol;
    } else {
        match.handler = &found->handler;
    }
    return match;
}

}  // namespace patchbay::http
