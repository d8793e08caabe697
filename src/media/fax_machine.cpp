#include "media/fax_machine.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <spandsp.h>

#include "base/log.hpp"

namespace patchbay::media {

namespace {

constexpr int frame_samples = 160;

struct Free {
    void operator()(fax_state_t* fax) const { fax_free(fax); }
    void operator()(t38_terminal_state_t* terminal) const { t38_terminal_free(terminal); }
};

std::string_view reason_of(int code) {
    switch (code) {
        case T30_ERR_OK:
            return {};
        case T30_ERR_CALLDROPPED:
        case T30_ERR_NOPAGE:
            return "call_dropped";
        case T30_ERR_T0_EXPIRED:
        case T30_ERR_T1_EXPIRED:
            return "no_fax_heard";
        case T30_ERR_FILEERROR:
        case T30_ERR_NOMEM:
        case T30_ERR_BADTIFF:
            return "disk_error";
        default:
            return "transmission_failed";
    }
}

}  // namespace

struct FaxMachine::State {
    static void done(t30_state_t* t30, void* state, int code);
    static int packet(t38_core_state_t* core, void* state, const std::uint8_t* bytes, int size, int times);
    void prepare(const Order& order);

    std::unique_ptr<fax_state_t, Free> audio;
    std::unique_ptr<t38_terminal_state_t, Free> terminal;
    t30_state_t* t30 = nullptr;
    SendPacket send;
    bool sends = false;
    std::optional<Result> result;
};

void FaxMachine::State::done(t30_state_t* t30, void* state, int code) {
    auto& machine = *static_cast<State*>(state);
    if (machine.result) return;
    t30_stats_t counts{};
    t30_get_transfer_statistics(t30, &counts);
    machine.result = Result{machine.sends ? counts.pages_tx : counts.pages_rx, reason_of(code)};
    log::info("media", "fax {}: {} pages at {} bit/s, {}", machine.sends ? "sent" : "received",
              machine.result->pages, counts.bit_rate, t30_completion_code_to_str(code));
}

int FaxMachine::State::packet(t38_core_state_t*, void* state, const std::uint8_t* bytes, int size,
                              int times) {
    static_cast<State*>(state)->send({bytes, static_cast<std::size_t>(size)}, times);
    return 0;
}

void FaxMachine::State::prepare(const Order& order) {
    sends = order.sends;
    t30_set_tx_ident(t30, order.station.c_str());
    t30_set_ecm_capability(t30, 1);
    t30_set_supported_modems(t30, T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17);
    t30_set_supported_compressions(
        t30, T30_SUPPORT_T4_1D_COMPRESSION | T30_SUPPORT_T4_2D_COMPRESSION | T30_SUPPORT_T6_COMPRESSION);
    t30_set_supported_resolutions(t30, T30_SUPPORT_STANDARD_RESOLUTION | T30_SUPPORT_FINE_RESOLUTION |
                                           T30_SUPPORT_SUPERFINE_RESOLUTION);
    t30_set_supported_image_sizes(t30, T30_SUPPORT_US_LETTER_LENGTH | T30_SUPPORT_US_LEGAL_LENGTH |
                                           T30_SUPPORT_UNLIMITED_LENGTH | T30_SUPPORT_215MM_WIDTH |
                                           T30_SUPPORT_255MM_WIDTH | T30_SUPPORT_303MM_WIDTH);
    t30_set_rx_encoding(t30, T4_COMPRESSION_ITU_T6);
    if (sends) {
        t30_set_tx_file(t30, order.file.c_str(), -1, -1);
    } else {
        t30_set_rx_file(t30, order.file.c_str(), -1);
    }
    t30_set_phase_e_handler(t30, done, this);
}

FaxMachine::FaxMachine(const Order& order) : state_(std::make_unique<State>()) {
    state_->audio.reset(fax_init(nullptr, order.sends ? 1 : 0));
    if (!state_->audio) throw std::bad_alloc();
    fax_set_transmit_on_idle(state_->audio.get(), 1);
    state_->t30 = fax_get_t30_state(state_->audio.get());
    state_->prepare(order);
}

FaxMachine::FaxMachine(const Order& order, int version, SendPacket send) : state_(std::make_unique<State>()) {
    state_->send = std::move(send);
    state_->terminal.reset(t38_terminal_init(nullptr, order.sends ? 1 : 0, State::packet, state_.get()));
    if (!state_->terminal) throw std::bad_alloc();
    t38_set_t38_version(t38_terminal_get_t38_core_state(state_->terminal.get()), version);
    state_->t30 = t38_terminal_get_t30_state(state_->terminal.get());
    state_->prepare(order);
}

FaxMachine::~FaxMachine() = default;

bool FaxMachine::is_t38() const {
    return state_->terminal != nullptr;
}

void FaxMachine::exchange(std::span<std::int16_t> heard, std::span<std::int16_t> said) {
    fax_rx(state_->audio.get(), heard.data(), static_cast<int>(heard.size()));
    const int made = fax_tx(state_->audio.get(), said.data(), static_cast<int>(said.size()));
    std::ranges::fill(said.subspan(static_cast<std::size_t>(std::max(made, 0))), std::int16_t{0});
}

void FaxMachine::take(std::span<const std::uint8_t> packet, std::uint16_t sequence) {
    t38_core_rx_ifp_packet(t38_terminal_get_t38_core_state(state_->terminal.get()), packet.data(),
                           static_cast<int>(packet.size()), sequence);
}

void FaxMachine::pass_time() {
    t38_terminal_send_timeout(state_->terminal.get(), frame_samples);
}

void FaxMachine::hang_up() {
    t30_terminate(state_->t30);
    if (!state_->result) state_->result = Result{0, "call_dropped"};
}

const std::optional<FaxMachine::Result>& FaxMachine::result() const {
    return state_->result;
}

}  // namespace patchbay::media
