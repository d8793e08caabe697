// The words of the model: states, roles and causes of legs (docs/glossary: CSTA's connection states).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::call {

/// Where a leg stands. `held`: this leg has put its call on hold. `parked`: it waits in a slot with music.
enum class LegState : std::uint8_t { idle, initiating, alerting, connected, held, queued, parked, ended };

/// As the leg's own party sees it: `out`, it called; `in`, it was called.
enum class Direction : std::uint8_t { in, out };

/// What a leg is in its call. A talker hears and is heard by all talkers. An observer hears all and is heard
/// by none; a consultant hears all and is heard by the one leg it supervises. The last two never keep a call
/// alive.
enum class Role : std::uint8_t { talker, observer, consultant };

/// How a supervising leg joins (ECSS: observing, consult, conference; Ringme: eavesdrop, whisper,
/// conference).
enum class SuperviseMode : std::uint8_t { observe, consult, conference };

/// Where a leg's recording stands. `paused`: time passes that the recording does not show; `masked`: silence
/// is written. The last two are final: `failed`, when it could not be written on.
enum class RecordingState : std::uint8_t { recording, paused, masked, stopped, failed };

/// Where the fax stands that a leg sends us. The last two are final: `failed`, when not all of it came.
enum class FaxState : std::uint8_t { receiving, received, failed };

/// Who made a leg or call end or change. `remote`: the leg's own party, by its phone. `api`: the leg's own
/// party, by a command. `local`: the switch, because of what the other party did.
enum class CauseBy : std::uint8_t { remote, local, api, media, timeout, system };

/// Why a leg or call ended or changed. `slug` points to static storage and is stable: it is what logs,
/// metrics, history and the catalogue in spec/causes.yaml say. `sip` and `q850` are 0 when they do not apply
/// (RFC 3326).
struct Cause {
    CauseBy by = CauseBy::system;
    int sip = 0;
    int q850 = 0;
    std::string_view slug = "unspecified";
};

/// The word of each value, as logs, the journal and metrics print it, and back.
std::string_view word(LegState state);
std::string_view word(Direction direction);
std::string_view word(Role role);
std::string_view word(SuperviseMode mode);
std::string_view word(RecordingState state);
std::string_view word(FaxState state);
std::string_view word(CauseBy by);

/// The value whose word that is; nothing for any other text.
std::optional<LegState> leg_state_named(std::string_view text);
std::optional<Direction> direction_named(std::string_view text);
std::optional<Role> role_named(std::string_view text);
std::optional<SuperviseMode> supervise_mode_named(std::string_view text);
std::optional<RecordingState> recording_state_named(std::string_view text);
std::optional<FaxState> fax_state_named(std::string_view text);
std::optional<CauseBy> cause_by_named(std::string_view text);

}  // namespace patchbay::call
