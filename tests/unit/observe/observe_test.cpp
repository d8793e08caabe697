#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "http/server.hpp"
#include "observe/audited_gateway.hpp"
#include "observe/routes.hpp"
#include "support/http_client.hpp"

namespace patchbay::observe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RoutesTest : public ::testing::Test {
  protected:
    RoutesTest() {
        http::Router router;
        add_routes(
            router,
            {"1.2.3", {{"sip", [] { return std::string(); }}, {"journal", [this] { return problem(); }}}});
        config::Http settings;
        settings.listen = {"127.0.0.1", 0};
        server = std::make_unique<http::Server>(settings, std::move(router));
        server->start();
    }

    patchbay::testing::HttpAnswer get(std::string_view path) {
        patchbay::testing::HttpClient client(server->port());
        return client.ask("GET", path).value_or(patchbay::testing::HttpAnswer{});
    }

    std::string problem() {
        const std::scoped_lock lock(mutex);
        return journal_problem;
    }
    void set_problem(std::string text) {
        const std::scoped_lock lock(mutex);
        journal_problem = std::move(text);
    }

    std::mutex mutex;
    std::string journal_problem;
    std::unique_ptr<http::Server> server;
};

TEST_F(RoutesTest, a_living_process_says_so) {
    EXPECT_EQ(get("/healthz").status, 200);
    set_problem("the disk is full");
    EXPECT_EQ(get("/healthz").status, 200) << "whatever it needs";
}

TEST_F(RoutesTest, readiness_names_what_is_missing) {
    auto answer = get("/readyz");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"ready":true,"checks":{"sip":"ok","journal":"ok"}})");
    set_problem("the disk \"/data\" is full");
    answer = get("/readyz");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body, R"({"ready":false,"checks":{"sip":"ok","journal":"the disk \"/data\" is full"}})");
}

TEST_F(RoutesTest, metrics_tell_of_build_and_process) {
    const auto answer = get("/metrics");
    EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_THAT(answer.body, HasSubstr("patchbay_build_info{version=\"1.2.3\"} 1"));
    for (const auto* name : {"process_cpu_seconds_total ", "process_resident_memory_bytes ",
                             "process_open_fds ", "process_max_fds ", "process_start_time_seconds "}) {
        EXPECT_THAT(answer.body, HasSubstr(std::string("\n") + name)) << answer.body;
    }
}

TEST_F(RoutesTest, descriptors_are_counted_anew_each_time) {
    const auto open = [](const std::string& text) {
        const auto at = text.find("\nprocess_open_fds ");
        return std::stod(text.substr(at + 18));
    };
    const auto before = open(get("/metrics").body);
    std::vector<Descriptor> more;
    for (int i = 0; i < 50; ++i) more.push_back(make_event());
    EXPECT_GE(open(get("/metrics").body), before + 40);
}

class OneAnswer final : public call::Gateway {
  public:
    void submit(call::Command command, call::Reply reply) override {
        last = std::move(command);
        reply(answer);
    }
    call::Command last;
    Result<call::Outcome> answer = call::Outcome{{}, 701};
};

class AuditTest : public ::testing::Test {
  protected:
    // Has the command carried out; returns what the log said, and keeps the result.
    std::string submit(call::Action action) {
        ::testing::internal::CaptureStderr();
        AuditedGateway audited(inner);
        audited.submit({{"demo.local", "101", ""}, std::move(action), "ringme"},
                       [this](Result<call::Outcome> got) { results.push_back(std::move(got)); });
        return ::testing::internal::GetCapturedStderr();
    }

    OneAnswer inner;
    std::vector<Result<call::Outcome>> results;
};

TEST_F(AuditTest, commands_pass_on_unchanged_and_so_do_results) {
    submit(call::Transfer{LegId{7}, "102"});
    EXPECT_EQ(std::get<call::Transfer>(inner.last.action).to, "102");
    EXPECT_EQ(inner.last.scope.number, "101");
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0]->park_slot, 701);
    inner.answer = Error{"wrong_state", "the leg is held"};
    submit(call::Hold{LegId{7}, false});
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[1].error().code, "wrong_state");
}

TEST_F(AuditTest, a_command_is_one_line_of_the_log) {
    const auto line = submit(call::Supervise{LegId{7}, "102", call::SuperviseMode::observe});
    EXPECT_THAT(line, HasSubstr("audit: ringme supervise leg=0000000000000007 to=102"));
    EXPECT_THAT(line, HasSubstr("domain=demo.local number=101"));
    EXPECT_THAT(line, HasSubstr("-> done in "));
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    inner.answer = Error{"no_such_number", "there is no number 5"};
    EXPECT_THAT(submit(call::Pickup{LegId{7}, "5"}),
                HasSubstr("-> refused no_such_number: there is no number 5 in "));
}

TEST_F(AuditTest, queries_are_not_in_the_log) {
    EXPECT_EQ(submit(call::List{}), "");
    EXPECT_EQ(submit(call::Find{LegId{7}}), "");
}

TEST_F(AuditTest, nobodys_number_begins_a_line) {
    const auto line = submit(call::Transfer{LegId{7}, "1\naudit: forged"});
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_THAT(line, HasSubstr("to=1?audit: forged"));
}

TEST_F(AuditTest, time_and_results_are_counted_by_dialect_and_command) {
    submit(call::Park{LegId{7}});
    inner.answer = Error{"no_slot", "all taken"};
    submit(call::Park{LegId{7}});
    const auto text = metrics::exposition();
    EXPECT_THAT(text, HasSubstr("patchbay_command_seconds_count{command=\"park\",dialect=\"ringme\"} 2"));
    EXPECT_THAT(
        text, HasSubstr("patchbay_commands_total{command=\"park\",dialect=\"ringme\",result=\"no_slot\"} 1"));
    EXPECT_THAT(text,
                HasSubstr("patchbay_commands_total{command=\"park\",dialect=\"ringme\",result=\"done\"} 1"));
}

}  // namespace
}  // namespace patchbay::observe
