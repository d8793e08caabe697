#include "sip/registrar.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "sip/accounts.hpp"
#include "sip/name_addr.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {
namespace {

constexpr std::size_t longest_contact = 512;

Error malformed(std::string text) {
    return {"contact_malformed", std::move(text)};
}

/// Seconds of delta-seconds; what cannot be read counts as the default (RFC 3261, section 10.2.1.1).
Seconds delta(std::string_view text, Seconds otherwise) {
    const auto number = to_number(text);
    if (!number || *number < 0) return otherwise;
    return Seconds{std::min<std::int64_t>(*number, UINT32_MAX)};
}

/// q of 0 to 1 in thousandths; absent or unreadable: 1.
int thousandths(std::string_view q) {
    constexpr int highest = 1000;
    if (q.empty() || (q[0] != '0' && q[0] != '1') || (q.size() > 1 && q[1] != '.')) return highest;
    int value = (q[0] - '0') * highest, weight = highest / 10;
    for (const char c : q.substr(std::min<std::size_t>(2, q.size()))) {
        if (c < '0' || c > '9') return highest;
        value += (c - '0') * weight;
        weight /= 10;
    }
    return std::min(value, highest);
}

Result<Location::Change> read_contact(const std::string& value, Seconds expires, const config::Sip& limits) {
    const auto contact = parse_name_addr(value);
    const auto uri = contact ? parse_uri(contact->uri) : std::nullopt;
    if (!uri || iequals(uri->scheme, "tel") || contact->uri.size() > longest_contact)
        return malformed("a Contact is no SIP URI of sensible length");
    const std::string_view own = contact->parameter("expires");
    expires = std::min(own.empty() ? expires : delta(own, limits.max_expires), limits.max_expires);
    if (expires > Seconds{0} && expires < limits.min_expires)
        return Error{"interval_too_brief", "registrations last longer here"};
    return Location::Change{contact->uri, std::string(contact->parameter("+sip.instance")),
                            thousandths(contact->parameter("q")), expires};
}

void count(const char* result) {
    metrics::counter("patchbay_sip_registers_total", "REGISTER requests answered, by result",
                     {{"result", result}})
        .add();
}

void answer(Request& request, int status, std::string_view reason, const char* result,
            std::span<const Header> headers = {}) {
    count(result);
    request.reply(status, reason, headers);
}

std::string contact_value(const Binding& binding, Time now) {
    const auto left = std::chrono::ceil<Seconds>(binding.expires - now).count();
    std::string value = fmt::format("<{}>;expires={}", binding.contact, left);
    if (!binding.instance.empty()) value += fmt::format(";+sip.instance=\"{}\"", binding.instance);
    if (binding.q < 1000) value += fmt::format(";q=0.{:03}", binding.q);
    return value;
}

}  // namespace

Result<ContactChanges> read_contacts(const std::vector<std::string>& contacts, std::string_view expires,
                                     const config::Sip& limits) {
    ContactChanges read;
    const Seconds all = expires.empty() ? limits.max_expires : delta(expires, limits.max_expires);
    if (std::ranges::find(contacts, "*") != contacts.end()) {
        if (contacts.size() > 1 || expires.empty() || all != Seconds{0})
            return malformed("Contact: * stands alone and asks for Expires: 0");
        read.remove_all = true;
        return read;
    }
    for (const std::string& contact : contacts) {
        auto change = read_contact(contact, all, limits);
        if (!change) return change.error();
        read.changes.push_back(std::move(*change));
    }
    return read;
}

Registrar::Registrar(Agent& agent, Location& location, DigestServer& digest, Clock& clock)
    : agent_(agent), location_(location), digest_(digest), clock_(clock) {
    agent_.on_request("REGISTER", [this](Request& request) { receive(request); });
    location_.on_change([this](const std::string&, bool) { gauge(); });
    gauge();
}

Registrar::~Registrar() {
    location_.on_change({});
}

void Registrar::gauge() {
    static auto& registered =
        metrics::gauge("patchbay_sip_registered_numbers", "Numbers with a phone registered just now");
    registered.set(static_cast<double>(location_.size()));
}

void Registrar::set_config(config::ConfigPtr config) {
    config_ = std::move(config);
    std::vector<std::string> gone;
    location_.each([&](const std::string& record, const Binding&) {
        const std::size_t at = record.rfind('@');
        const auto* domain = config_->domain(std::string_view(record).substr(at + 1));
        if (domain == nullptr || domain->extension(std::string_view(record).substr(0, at)) == nullptr)
            gone.push_back(record);
    });
    for (const std::string& record : gone) location_.drop(record);
}

void Registrar::receive(Request& request) {
    if (!config_) return answer(request, 503, "Starting", "not_ready");
    if (const auto required = request.values("Require"); !required.empty()) {
        const std::array headers{Header{"Unsupported", required.front()}};
        return answer(request, 420, "Bad Extension", "bad_extension", headers);
    }
    const std::string number = unescaped(request.to_user());
    const std::string to_uri = request.to_uri();
    const auto to = parse_uri(to_uri);
    const bool us = to && (sdp::is_address(to->host) || agent_.is_us(to->host, to->port));
    const auto* domain = domain_of(*config_, request.to_host(), us, number);
    if (domain == nullptr) return answer(request, 404, "Domain Not Served Here", "unknown_domain");
    if (!authenticate(request, *domain, number)) return;
    apply(request, address_of_record(number, domain->name));
}

bool Registrar::authenticate(Request& request, const config::Domain& domain, std::string_view number) {
    const auto& source = request.flow().peer.address;
    const std::string uri = request.uri();
    const auto outcome =
        digest_.check({"REGISTER", uri, domain.name, source}, request.values("Authorization"),
                      [&](std::string_view user) -> std::optional<std::string> {
                          const auto account = find_account(domain, user);
                          if (!account || account->extension == nullptr) return std::nullopt;
                          return account->password();
                      });
    switch (outcome.verdict) {
        case DigestVerdict::accepted:
            if (outcome.username == number) return true;
            answer(request, 403, "Not Your Number", "other_number");
            return false;
        case DigestVerdict::absent:
        case DigestVerdict::stale: {
            std::vector<Header> headers;
            for (auto& challenge : digest_.challenges(domain.name, outcome.verdict == DigestVerdict::stale))
                headers.push_back({"WWW-Authenticate", std::move(challenge)});
            answer(request, 401, "Unauthorized", "challenged", headers);
            return false;
        }
        case DigestVerdict::refused:
            log::warning("sip", "wrong credentials for {} of {} from {}",
                         domain.extension(number) != nullptr ? number : "an unknown number", domain.name,
                         source);
            answer(request, 403, "Wrong User or Password", "wrong_password");
            return false;
        case DigestVerdict::throttled: {
            const std::array headers{Header{"Retry-After", std::to_string(outcome.retry_after.count())}};
            answer(request, 403, "Too Many Wrong Passwords", "throttled", headers);
            return false;
        }
        case DigestVerdict::malformed:
            break;
    }
    answer(request, 400, "Bad Authorization", "malformed");
    return false;
}

void Registrar::apply(Request& request, const std::string& record) {
    const auto contacts = read_contacts(request.values("Contact"), request.value("Expires"), config_->sip);
    if (!contacts && contacts.error().code == "interval_too_brief") {
        const std::array headers{Header{"Min-Expires", std::to_string(config_->sip.min_expires.count())}};
        return answer(request, 423, "Interval Too Brief", "too_brief", headers);
    }
    if (!contacts) return answer(request, 400, "Bad Contact", "malformed");
    if (contacts->remove_all || !contacts->changes.empty()) {
        Location::Update update;
        update.call_id = request.call_id();
        update.cseq = request.cseq();
        update.flow = request.flow();
        update.user_agent = request.value("User-Agent").substr(0, 128);
        update.remove_all = contacts->remove_all;
        update.changes = contacts->changes;
        if (const auto done = location_.apply(record, update); !done) {
            if (done.error().code == "too_many") return answer(request, 403, "Too Many Phones", "too_many");
            return answer(request, 500, "Older Than What Is Registered", "out_of_order");
        }
    }
    confirm(request, record);
}

void Registrar::confirm(Request& request, const std::string& record) {
    std::vector<Header> headers;
    for (const Binding& binding : location_.bindings(record))
        headers.push_back({"Contact", contact_value(binding, clock_.now())});
    answer(request, 200, "OK", "accepted", headers);
}

}  // namespace patchbay::sip
