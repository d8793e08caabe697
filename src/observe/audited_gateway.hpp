// The audit: who commanded what, and what came of it. One log line a command, and its time in a histogram.
#pragma once

#include <memory>

#include "call/command.hpp"

namespace patchbay::observe {

/// A Gateway before the gateway, for the dialects. Thread-safe; what it stands before must outlive it, and it
/// the last reply. Queries (list, find) are written at level debug.
class AuditedGateway final : public call::Gateway {
  public:
    explicit AuditedGateway(call::Gateway& inner);
    ~AuditedGateway() override;

    void submit(call::Command command, call::Reply reply) override;

  private:
    class Meters;

    call::Gateway& inner_;
    std::unique_ptr<Meters> meters_;
};

/// The command in words, as the log has it: "hold leg=…". Control characters of numbers are replaced.
std::string describe(const call::Action& action);

}  // namespace patchbay::observe
