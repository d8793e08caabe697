#include "postgres_server.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace patchbay::testing {
namespace {

namespace fs = std::filesystem;

// Debian keeps the server's programs in a folder for each version.
std::string programs_folder() {
    std::string newest;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql"))
        if (fs::exists(version.path() / "bin/initdb"))
            newest = std::max(newest, (version.path() / "bin").string());
    if (newest.empty()) throw std::runtime_error("no PostgreSQL server is installed");
    return newest;
}

const passwd& server_user() {
    const auto* user = ::getpwnam("postgres");
    if (user == nullptr) throw std::runtime_error("there is no user postgres");
    return *user;
}

// In the child: becomes the program, as a user that PostgreSQL accepts, which ends with the tests.
[[noreturn]] void become(const std::vector<std::string>& command, const std::string& folder) {
    if (::geteuid() == 0) {
        const auto& user = server_user();
        if (::setgroups(0, nullptr) != 0 || ::setgid(user.pw_gid) != 0 || ::setuid(user.pw_uid) != 0)
            ::_exit(126);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    const int log = ::open((folder + "/log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    std::vector<char*> words;
    for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    if (::chdir(folder.c_str()) == 0) ::execv(words[0], words.data());
    ::_exit(127);
}

pid_t launch(const std::vector<std::string>& command, const std::string& folder) {
    const auto pid = ::fork();
    if (pid == 0) become(command, folder);
    if (pid < 0) throw std::runtime_error("cannot fork");
    return pid;
}

int end_of(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
}

}  // namespace

PostgresServer& PostgresServer::instance() {
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer() : programs_(programs_folder()) {
    // A socket's path must be short, so not wherever TMPDIR is.
    std::string name = "/tmp/patchbay-postgres-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    folder_ = name;
    if (::geteuid() == 0 && ::chown(folder_.c_str(), server_user().pw_uid, server_user().pw_gid) != 0)
        throw std::runtime_error("cannot give " + folder_ + " to postgres");
    const auto made = end_of(launch({programs_ + "/initdb", "-D", folder_ + "/data", "-A", "trust", "-N",
                                     "-U", "tests", "-E", "UTF8", "--locale=C", "--no-instructions"},
                                    folder_));
    if (made != 0) throw std::runtime_error("initdb failed; see " + folder_ + "/log");
    start();
}

PostgresServer::~PostgresServer() {
    stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void PostgresServer::start() {
    pid_ = launch({programs_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=",
                   "-c", "fsync=off", "-c", "unix_socket_permissions=0777", "-c", "shared_buffers=16MB"},
                  folder_);
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (PQping(url("postgres").c_str()) != PQPING_OK) {
        if (std::chrono::steady_clock::now() > limit || ::waitpid(pid_, nullptr, WNOHANG) == pid_)
            throw std::runtime_error("PostgreSQL did not start; see " + folder_ + "/log");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

void PostgresServer::stop() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGINT);
    end_of(pid_);
    pid_ = 0;
}

std::string PostgresServer::url(const std::string& database) const {
    return "postgresql:///" + database + "?user=tests&host=" + folder_;
}

std::string PostgresServer::new_database() {
    const auto name = "test" + std::to_string(++databases_);
    run(url("postgres"), "CREATE DATABASE " + name);
    return url(name);
}

void PostgresServer::run(const std::string& url, const std::string& sql) const {
    auto* const connection = PQconnectdb(url.c_str());
    auto* const answer = PQexec(connection, sql.c_str());
    const std::string error = PQerrorMessage(connection);
    const auto status = PQresultStatus(answer);
    PQclear(answer);
    PQfinish(connection);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(sql + ": " + error);
}

}  // namespace patchbay::testing
