#include "sip/meters.hpp"

#include <algorithm>

#include "sip/agent.hpp"

namespace patchbay::sip {

namespace {

// Methods are the sender's words: only known ones become labels.
constexpr std::array known_methods{"INVITE", "ACK",  "BYE",   "CANCEL", "REGISTER",  "OPTIONS", "UPDATE",
                                   "PRACK",  "INFO", "REFER", "NOTIFY", "SUBSCRIBE", "MESSAGE", "PUBLISH"};

std::string class_of(std::size_t hundreds) {
    return std::to_string(hundreds) + "xx";
}

void add_rise(metrics::Counter& counter, std::size_t now, std::size_t& last) {
    if (now > last) counter.add(static_cast<double>(now - last));
    last = now;
}

}  // namespace

Meters::Meters()
    : server_transactions_(
          metrics::gauge("patchbay_sip_transactions", "SIP transactions open", {{"side", "server"}})),
      client_transactions_(
          metrics::gauge("patchbay_sip_transactions", "SIP transactions open", {{"side", "client"}})),
      legs_(metrics::gauge("patchbay_sip_legs", "Legs alive", {{"state", "open"}})),
      finishing_(metrics::gauge("patchbay_sip_legs", "Legs alive", {{"state", "finishing"}})),
      repeated_in_(metrics::counter("patchbay_sip_retransmissions_total", "SIP messages sent again",
                                    {{"direction", "in"}})),
      repeated_out_(metrics::counter("patchbay_sip_retransmissions_total", "SIP messages sent again",
                                     {{"direction", "out"}})),
      garbage_(
          metrics::counter("patchbay_sip_bad_messages_total", "Messages that were no SIP, or broken SIP")) {
    for (std::size_t hundreds = 1; hundreds <= 6; ++hundreds) {
        sent_[hundreds] = &metrics::counter("patchbay_sip_responses_total", "SIP responses",
                                            {{"direction", "out"}, {"class", class_of(hundreds)}});
        received_[hundreds] = &metrics::counter("patchbay_sip_responses_total", "SIP responses",
                                                {{"direction", "in"}, {"class", class_of(hundreds)}});
    }
}

metrics::Counter& Meters::of(std::map<std::string, metrics::Counter*, std::less<>>& cache,
                             const std::string& name, const std::string& help, const std::string& label,
                             std::string_view value) {
    const auto found = cache.find(value);
    if (found != cache.end()) return *found->second;
    const std::string word{value};
    auto& counter = metrics::counter(name, help, {{label, word}});
    cache[word] = &counter;
    return counter;
}

void Meters::request(std::string_view method) {
    const bool known = std::ranges::find(known_methods, method) != known_methods.end();
    of(requests_, "patchbay_sip_requests_total", "SIP requests received", "method", known ? method : "other")
        .add();
}

void Meters::sent(int status) {
    if (status >= 100 && status < 700) sent_[static_cast<std::size_t>(status) / 100]->add();
}

void Meters::received(int status) {
    if (status >= 100 && status < 700) received_[static_cast<std::size_t>(status) / 100]->add();
}

void Meters::refused(std::string_view reason) {
    of(refused_, "patchbay_sip_refused_total", "SIP requests refused, by reason", "reason", reason).add();
}

void Meters::ignored(std::string_view header) {
    of(ignored_, "patchbay_sip_ignored_headers_total", "Broken headers of requests served without them",
       "header", header)
        .add();
}

void Meters::sample(const AgentCounts& counts, std::size_t legs, std::size_t finishing) {
    server_transactions_.set(static_cast<double>(counts.server_transactions));
    client_transactions_.set(static_cast<double>(counts.client_transactions));
    legs_.set(static_cast<double>(legs));
    finishing_.set(static_cast<double>(finishing));
    add_rise(repeated_in_, counts.repeated_in, last_in_);
    add_rise(repeated_out_, counts.repeated_out, last_out_);
    add_rise(garbage_, counts.bad_messages, last_garbage_);
}

}  // namespace patchbay::sip
