// The recorder and its files: what is written, what a full disk, a full queue and a killed process leave.
#include "media/recorder.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include "base/metrics.hpp"
#include "media/g711.hpp"
#include "media/recording_archive.hpp"
#include "media/recording_keeper.hpp"
#include "support/wait.hpp"

namespace patchbay::media {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using call::RecordingState;

struct RecorderTest : ::testing::Test {
    RecorderTest() {
        char name[] = "/tmp/recordings-XXXXXX";
        folder = ::mkdtemp(name);
    }
    ~RecorderTest() override { fs::remove_all(folder); }

    RecorderOptions options() {
        RecorderOptions options;
        options.folder = folder;
        options.failed = [this](LegId, Uuid, std::string_view reason) {
            failure = reason == "disk_full" ? 1 : 2;
        };
        options.finished = [this](const fs::path&) { ++finished; };
        return options;
    }
    static void say(Recorder& recorder, std::uint64_t recording, Side side, std::int16_t value,
                    std::uint32_t packet) {
        const std::vector<std::uint8_t> payload(160, encode(Codec::pcma, value));
        recorder.ring(0).push({.recording = recording,
                               .speaker = LegId{static_cast<std::uint64_t>(side) + 1},
                               .at = std::chrono::steady_clock::now(),
                               .ssrc = 1,
                               .timestamp = packet * 160,
                               .side = side},
                              payload);
    }
    struct Samples {
        std::vector<short> interleaved;
        int channels = 0, rate = 0;
        long loud(std::size_t channel) const {
            long count = 0;
            for (std::size_t i = channel; i < interleaved.size(); i += 2) count += interleaved[i] > 500;
            return count;
        }
    };
    static Samples read(const fs::path& path) {
        SF_INFO info{};
        auto* file = sf_open(path.c_str(), SFM_READ, &info);
        if (file == nullptr) return {};
        Samples samples{std::vector<short>(static_cast<std::size_t>(info.frames * info.channels)),
                        info.channels, info.samplerate};
        sf_readf_short(file, samples.interleaved.data(), info.frames);
        sf_close(file);
        return samples;
    }
    /// What the metric says of packets left out.
    static double dropped() {
        const std::string name = "\npatchbay_recording_dropped_packets_total ", text = metrics::exposition();
        const auto at = text.find(name);
        return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size()));
    }
    RecordingFacts facts{.domain = "demo.local", .number = "101", .operator_id = "o1", .leg = LegId{5}};
    fs::path folder;
    std::atomic<int> failure{0}, finished{0};
};

TEST_F(RecorderTest, each_side_is_in_its_channel_of_a_whole_file) {
    const Uuid id = Uuid::make(Time{Milliseconds{1'700'000'000'000}});
    {
        Recorder recorder(options());
        const auto number = recorder.begin(id, facts, 8000);
        for (std::uint32_t i = 0; i < 10; ++i) say(recorder, number, Side::own, 4000, i);
        for (std::uint32_t i = 0; i < 5; ++i) say(recorder, number, Side::other, 4000, i);
        std::this_thread::sleep_for(350ms);  // the timeline is real time; a recording is as long as it took
        recorder.change(number, RecordingState::stopped);
        ASSERT_TRUE(support::becomes_true([&] { return finished == 1; }));
    }
    RecordingArchive archive(folder);
    const auto stored = archive.find(id);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->facts, facts);
    EXPECT_EQ(stored->content_type, "audio/wav");
    EXPECT_EQ(stored->path, folder / "2023-11-14" / (id.text() + ".wav"));
    const auto samples = read(stored->path);
    EXPECT_EQ(samples.channels, 2);
    EXPECT_EQ(samples.rate, 8000);
    EXPECT_EQ(samples.loud(0), 1600);
    EXPECT_EQ(samples.loud(1), 800);
    EXPECT_GE(samples.interleaved.size(), 2U * 350 * 8);
    EXPECT_EQ(failure, 0);
}

TEST_F(RecorderTest, a_full_disk_ends_the_recording_with_its_reason_and_harms_nobody) {
    auto full = options();
    full.create = [this](Uuid id, const RecordingFacts&, int rate) -> Result<RecordingFile> {
        return RecordingFile(Descriptor(::open("/dev/full", O_RDWR)), folder / id.text(), rate);
    };
    Recorder recorder(std::move(full));
    const auto number = recorder.begin(Uuid::make(Time{}), facts, 8000);
    std::uint32_t packet = 0;
    ASSERT_TRUE(support::becomes_true([&] {
        say(recorder, number, Side::own, 4000, packet++);
        return failure != 0;
    }));
    EXPECT_EQ(failure, 1);
    recorder.change(number, RecordingState::stopped);
    say(recorder, number, Side::own, 4000, packet);
}

TEST_F(RecorderTest, a_disk_without_room_is_told_before_anything_is_written) {
    EXPECT_TRUE(check_room(folder, 1000));
    const auto full = check_room(folder, std::uintmax_t{1} << 60);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "disk_full");
}

TEST_F(RecorderTest, a_folder_that_cannot_be_made_is_told) {
    std::ofstream(folder / "file") << "in the way";
    auto wrong = options();
    wrong.folder = folder / "file";
    Recorder recorder(std::move(wrong));
    EXPECT_NE(recorder.begin(Uuid::make(Time{}), facts, 8000), 0U);
    EXPECT_TRUE(support::becomes_true([&] { return failure == 2; }));
}

TEST_F(RecorderTest, what_a_killed_process_leaves_is_repaired_at_the_next_start) {
    const Uuid id = Uuid::make(Time{Milliseconds{1'700'000'000'000}});
    {
        auto file = RecordingFile::create(folder, id, facts, 8000);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append(std::vector<std::int16_t>(3200, 4000)));
    }
    RecordingArchive archive(folder);
    EXPECT_FALSE(archive.find(id)) << "it is not whole yet";
    std::ofstream(recording_stem(folder, id).string() + std::string(live_ending), std::ios::app) << "odd";
    const RecordingKeeper keeper({folder}, "wav", {});
    ASSERT_TRUE(support::becomes_true([&] { return archive.find(id).has_value(); }));
    EXPECT_EQ(read(archive.find(id)->path).loud(0), 1600);
}

TEST_F(RecorderTest, a_recording_becomes_smaller_and_an_old_one_goes) {
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const Uuid recent = Uuid::make(now - 1min), old = Uuid::make(now - 48h);
    for (const Uuid id : {recent, old}) {
        auto file = RecordingFile::create(folder, id, facts, 8000);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append(std::vector<std::int16_t>(16'000, 4000)));
        ASSERT_TRUE(file->finish());
    }
    const RecordingKeeper keeper({folder, Seconds{24 * 3600}}, "flac", {});
    const RecordingArchive archive(folder);
    ASSERT_TRUE(support::becomes_true([&] {
        const auto found = archive.find(recent);
        return found && found->path.extension() == ".flac" && !archive.find(old);
    }));
    EXPECT_EQ(read(archive.find(recent)->path).loud(1), 8000);
}

TEST_F(RecorderTest, an_old_fax_goes_with_all_its_files_and_a_recent_one_stays) {
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto stem_of = [&](Milliseconds age) {
        return recording_stem(folder / "faxes", Uuid::make(now - age)).string();
    };
    const auto recent = stem_of(23h), old = stem_of(25h);
    const std::vector<std::string> endings{".tiff", ".pdf", ".json", ".tiff.live"};
    for (const auto& stem : {recent, old}) {
        fs::create_directories(fs::path(stem).parent_path());
        for (const auto& ending : endings) std::ofstream(stem + ending) << "a page";
    }
    std::ofstream(folder / "faxes" / "reads.log") << "{}";
    const RecordingKeeper keeper({folder}, "wav", {folder / "faxes", Seconds{24 * 3600}});
    for (const auto& ending : endings)
        EXPECT_TRUE(support::becomes_true([&] { return !fs::exists(old + ending); })) << ending;
    for (const auto& ending : endings) EXPECT_TRUE(fs::exists(recent + ending)) << ending;
    EXPECT_TRUE(fs::exists(folder / "faxes" / "reads.log"));
}

TEST_F(RecorderTest, packets_left_out_are_counted_whichever_media_thread_had_them) {
    const double before = dropped();
    auto slow = options();
    slow.media_threads = 3;
    std::promise<void> reached, freed;
    slow.create = [&](Uuid, const RecordingFacts&, int) -> Result<RecordingFile> {
        reached.set_value();
        freed.get_future().wait();
        return Error{"disk_error", "none"};
    };
    Recorder recorder(std::move(slow));
    recorder.begin(Uuid::make(Time{}), facts, 8000);
    reached.get_future().wait();  // the recorder takes nothing while the disk keeps it
    const std::vector<std::uint8_t> payload(160);
    const auto push = [&](std::size_t thread) {
        return recorder.ring(thread).push({.at = std::chrono::steady_clock::now()}, payload);
    };
    for (const auto& [thread, too_many] : {std::pair<std::size_t, int>{0, 7}, {2, 5}}) {
        while (push(thread)) {
        }
        for (int i = 1; i < too_many; ++i) push(thread);
    }
    freed.set_value();
    EXPECT_TRUE(support::becomes_true([&] { return dropped() - before >= 12; }));
    EXPECT_EQ(dropped() - before, 12);
}

TEST_F(RecorderTest, opus_is_made_too) {
    const Uuid id = Uuid::make(Time{Milliseconds{1'700'000'000'000}});
    auto file = RecordingFile::create(folder, id, facts, 8000);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->append(std::vector<std::int16_t>(16'000, 4000)));
    const auto wav = file->finish();
    ASSERT_TRUE(wav);
    const auto opus = compress_recording(*wav, "opus");
    ASSERT_TRUE(opus) << opus.error().text;
    EXPECT_EQ(opus->extension(), ".opus");
    EXPECT_FALSE(fs::exists(*wav));
    EXPECT_EQ(read(*opus).channels, 2);
}

TEST(RecordingRing, leaves_out_and_counts_what_does_not_fit) {
    RecordingRing ring(1024);
    const std::vector<std::uint8_t> payload(160, 7);
    int taken = 0;
    while (ring.push({.recording = 3}, payload)) ++taken;
    EXPECT_EQ(taken, static_cast<int>(1024 / (sizeof(TappedPacket) + 160)));
    EXPECT_EQ(ring.dropped(), 1U);
    TappedPacket packet;
    std::array<std::uint8_t, 256> out{};
    for (int round = 0; round < 100; ++round) {  // over the ring's end again and again
        ASSERT_TRUE(ring.pop(packet, out, Moment::max()));
        EXPECT_EQ(packet.recording, 3U);
        EXPECT_EQ(packet.size, 160U);
        EXPECT_EQ(out[159], 7);
        ASSERT_TRUE(ring.push({.recording = 3}, payload));
    }
}

TEST(RecordingRing, keeps_back_what_came_after_the_moment_asked_for) {
    RecordingRing ring(1024);
    ring.push({.at = Moment{} + 2s}, {});
    TappedPacket packet;
    EXPECT_FALSE(ring.pop(packet, {}, Moment{} + 1s));
    EXPECT_FALSE(ring.pop(packet, {}, Moment{} + 2s));
    EXPECT_TRUE(ring.pop(packet, {}, Moment{} + 3s));
}

TEST(RecordingFacts, come_back_from_their_json_and_from_nothing_else) {
    const RecordingFacts facts{
        .domain = "d", .number = "1\"", .group = "g", .leg = LegId{9}, .call = CallRef{4}};
    EXPECT_EQ(facts_from_json(json_of(facts)), facts);
    for (const auto* wrong : {"", "{", "[]", "{}", R"({"domain":1,"leg":2})"}) {
        EXPECT_FALSE(facts_from_json(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace patchbay::media
