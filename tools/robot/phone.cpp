#include "phone.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::robot {

Phone::Phone(Loop& loop, Options options, int index)
    : loop_(loop),
      options_(std::move(options)),
      facts_(index),
      transactions_(loop, {options_.address, 0}, options_.port, options_.faults,
                    {[this](const Message& request, const Flow& from) { receive(request, from); },
                     [this](const Message& ack) {
                         if (const auto call = call_with(ack.header("Call-ID"))) call->on_ack(ack);
                     },
                     [this](const std::string& call_id) {
                         if (const auto call = call_with(call_id)) call->on_no_ack();
                     }}),
      sender_(transactions_, options_.user, options_.password),
      parts_{loop_, options_, facts_, transactions_, sender_},
      register_id_(random_token()),
      register_tag_(random_token()),
      waiter_(loop) {
    const auto& here = transactions_.local();
    facts_.emit("started", {{"sip", fmt::format("{}:{}", here.address, here.port)}, {"user", options_.user}});
    if (options_.register_at_start) register_now(options_.expires);
    if (options_.report_every > 0) report();
}

Dialog Phone::new_dialog(const std::string& remote_uri) {
    const auto& here = transactions_.local();
    Dialog dialog;
    dialog.call_id = random_token();
    dialog.local_tag = random_token();
    dialog.local_uri = fmt::format("sip:{}@{}", options_.user, options_.domain);
    dialog.local_name = options_.display_name;
    dialog.remote_uri = remote_uri;
    dialog.target = remote_uri;
    dialog.contact = fmt::format("<sip:{}@{}:{}{}>", options_.user, here.address, here.port,
                                 options_.tcp ? ";transport=tcp" : "");
    dialog.first_hop = server();
    return dialog;
}

void Phone::register_now(int expires) {
    Dialog dialog = new_dialog("sip:" + options_.domain);
    dialog.call_id = register_id_;
    dialog.local_tag = register_tag_;
    Message message = dialog.request("REGISTER");
    message.set("To", fmt::format("<{}>", dialog.local_uri));
    message.add("Expires", std::to_string(expires));
    registering_ = true;
    sender_.send(std::move(message), server(), register_cseq_, [this, expires](const Message& response) {
        if (response.status >= 200) on_registered(response, expires);
    });
}

void Phone::on_registered(const Message& response, int expires) {
    registering_ = false;
    loop_.timers().cancel(register_timer_);
    if (response.status >= 300) {
        facts_.emit("register_failed", {{"status", response.status}});
        return;
    }
    registered_ = expires > 0;
    if (!registered_) {
        facts_.emit("unregistered");
        return;
    }
    int granted = expires;
    for (const auto& contact : response.all("Contact"))
        if (endpoint_in(uri_in(contact)) == transactions_.local())
            granted =
                static_cast<int>(to_number(parameter_in(contact, "expires").value_or("")).value_or(granted));
    facts_.emit("registered", {{"expires", granted}, {"bindings", response.all("Contact").size()}});
    register_timer_ =
        loop_.timers().after(Milliseconds(granted * 500), [this, expires] { register_now(expires); });
}

int Phone::call(const std::string& to, Invitation invitation) {
    invitation.uri = to.find(':') == std::string::npos ? fmt::format("sip:{}@{}", to, options_.domain) : to;
    const auto call = add_call();
    call->invite(new_dialog(invitation.uri), invitation);
    return call->number();
}

void Phone::request(std::string_view method, const std::string& to, const HeaderList& headers) {
    const auto uri = to.find(':') == std::string::npos ? fmt::format("sip:{}@{}", to, options_.domain) : to;
    Message message = new_dialog(uri).request(method);
    for (const auto& [name, value] : headers) message.set(name, value);
    sender_.send(std::move(message), server(), other_cseq_,
                 [this, name = std::string(method)](const Message& response) {
                     facts_.emit("reply", {{"method", name},
                                           {"status", response.status},
                                           {"allow", response.header("Allow")},
                                           {"unsupported", response.header("Unsupported")}});
                 });
}

std::shared_ptr<Call> Phone::add_call() {
    const int number = ++last_call_;
    std::erase_if(calls_, [](const auto& entry) { return entry.second->stale(); });
    return calls_.emplace(number, std::make_shared<Call>(parts_, number)).first->second;
}

std::shared_ptr<Call> Phone::find(int number) const {
    if (number > 0) {
        const auto found = calls_.find(number);
        return found == calls_.end() ? nullptr : found->second;
    }
    const auto latest = std::find_if(calls_.rbegin(), calls_.rend(),
                                     [](const auto& entry) { return !entry.second->ended(); });
    return latest == calls_.rend() ? nullptr : latest->second;
}

bool Phone::busy() const {
    return std::ranges::any_of(calls_, [](const auto& entry) { return !entry.second->ended(); });
}

std::shared_ptr<Call> Phone::call_with(std::string_view call_id) const {
    for (const auto& [number, call] : calls_)
        if (call->dialog().call_id == call_id) return call;
    return nullptr;
}

std::shared_ptr<Call> Phone::owner(const Message& request) const {
    for (const auto& [number, call] : calls_)
        if (call->owns(request)) return call;
    return nullptr;
}

bool Phone::rule_applies(const Message& request, bool in_dialog) {
    const std::string method = request.method == "INVITE" && in_dialog ? "REINVITE" : request.method;
    const auto rule = std::ranges::find(rules_, method, &Rule::method);
    if (rule == rules_.end()) return false;
    const int status = rule->status;
    if (rule->times > 0 && --rule->times == 0) rules_.erase(rule);
    if (status != 0) transactions_.respond(request, response_to(request, status, random_token()));
    return true;
}

void Phone::receive(const Message& request, const Flow& from) {
    const auto call = owner(request);
    Json fact{{"method", request.method}};
    if (call) fact["call"] = call->number();
    facts_.emit("request", std::move(fact));
    if (rule_applies(request, call != nullptr)) return;
    if (request.method == "CANCEL") {
        if (call) return call->cancelled(request);
        return transactions_.respond(request, response_to(request, 481, random_token()));
    }
    if (call) return call->on_request(request);
    if (request.method == "INVITE" && !parameter_in(request.header("To"), "tag"))
        return receive_invite(request, from);
    const int status = request.method == "OPTIONS" ? 200 : 481;
    Message response = response_to(request, status, random_token());
    response.add("Allow", parts_.options.allow());
    transactions_.respond(request, response);
}

void Phone::receive_invite(const Message& invite, const Flow& from) {
    transactions_.respond(invite, response_to(invite, 100, ""));
    const auto call = add_call();
    call->take(invite, from, new_dialog(""));
    if (!call->ended()) meet(call);
}

void Phone::meet(const std::shared_ptr<Call>& call) {
    if (options_.reject != 0) return call->refuse(options_.reject, {});
    if (options_.early_media)
        call->ring(183, true);
    else if (options_.ring)
        call->ring(180, false);
    if (options_.auto_answer && call->asked_to_answer()) return call->answer(std::nullopt);
    if (!options_.answer_after) return;
    loop_.timers().after(Milliseconds(*options_.answer_after), [weak = std::weak_ptr(call)] {
        if (const auto alive = weak.lock()) alive->answer(std::nullopt);
    });
}

void Phone::report() {
    for (const auto& [number, call] : calls_)
        if (call->audio() != nullptr) facts_.emit("heard", Waiter::describe(*call));
    loop_.timers().after(Milliseconds(options_.report_every), [this] { report(); });
}

void Phone::leave() {
    for (const auto& [number, call] : calls_) call->hangup({});
    if (registered_) register_now(0);
}

bool Phone::left() const {
    return !busy() && !registering_;
}

}  // namespace patchbay::robot
