// A PostgreSQL server of the tests' own: in a folder that is gone afterwards, on a unix socket in it.
#pragma once

#include <string>

#include <sys/types.h>

namespace patchbay::testing {

/// Started at the first use in a process, ended with it. PostgreSQL refuses to run as root, so then it runs
/// as the user `postgres`. Throws std::runtime_error saying what failed.
class PostgresServer {
  public:
    static PostgresServer& instance();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// The URL of an empty database that nobody else has.
    std::string new_database();
    std::string url(const std::string& database) const;
    /// Runs one statement in that database.
    void run(const std::string& url, const std::string& sql) const;

    /// Ends all connections and the server; start() brings it back with its data.
    void stop();
    void start();

  private:
    PostgresServer();

    std::string folder_, programs_;
    pid_t pid_ = 0;
    int databases_ = 0;
};

}  // namespace patchbay::testing
