// Sofia reads its certificate from a folder with files of fixed names; this makes one of ours for a moment.
#pragma once

#include <string>

#include "config/config.hpp"

namespace patchbay::sip {

/// A private folder with agent.pem, gone with this object: Sofia has read it by then.
class TlsFolder {
  public:
    /// Throws std::runtime_error naming the file that cannot be read.
    explicit TlsFolder(const config::TlsFiles& files);
    ~TlsFolder();
    TlsFolder(const TlsFolder&) = delete;
    TlsFolder& operator=(const TlsFolder&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace patchbay::sip
