#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Copies `descriptor` above the numbers that the child's own ones are moved to, so that no move overwrites another.
static int lifted(int descriptor) { return descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, 10); }

static int add_actions(posix_spawn_file_actions_t *actions, const char *directory, int output, int in, int out) {
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, output, 1);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, output, 2);
    if (!error && in >= 0) error = posix_spawn_file_actions_adddup2(actions, in, 3);
    if (!error && in >= 0) error = posix_spawn_file_actions_adddup2(actions, out, 4);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, in >= 0 ? 5 : 3);
    if (!error && directory) error = posix_spawn_file_actions_addchdir_np(actions, directory);
    return error;
}

// Starts the program with what `actions` say, in a process group of its own, its signals as they are by default.
static int spawn(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                 const posix_spawn_file_actions_t *actions) {
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    // Only signals that Martlet itself ignores would be inherited as ignored.
    sigset_t ignored, none;
    sigemptyset(&none);
    sigemptyset(&ignored);
    sigaddset(&ignored, SIGHUP);
    sigaddset(&ignored, SIGINT);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGTERM);
    error = posix_spawnattr_setsigdefault(&attributes, &ignored);
    if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error)
        error = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (!error) error = posix_spawnp(pid, program, actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int clinux_spawn(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                 const char *directory, int output, int frames_in, int frames_out) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    int high_output = lifted(output), high_in = lifted(frames_in), high_out = lifted(frames_out);
    if (high_output < 0 || (frames_in >= 0 && (high_in < 0 || high_out < 0))) {
        error = errno;
    } else {
        error = add_actions(&actions, directory, high_output, high_in, high_out);
        if (!error) error = spawn(pid, program, arguments, environment, &actions);
    }
    if (high_output >= 0) close(high_output);
    if (high_in >= 0) close(high_in);
    if (high_out >= 0) close(high_out);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int clinux_spawn_filter(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                        const char *directory, int input, int output, int errors) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    int high_input = lifted(input), high_output = lifted(output), high_errors = lifted(errors);
    if (high_input < 0 || high_output < 0 || high_errors < 0) {
        error = errno;
    } else {
        error = posix_spawn_file_actions_adddup2(&actions, high_input, 0);
        if (!error) error = posix_spawn_file_actions_adddup2(&actions, high_output, 1);
        if (!error) error = posix_spawn_file_actions_adddup2(&actions, high_errors, 2);
        if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        if (!error) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
        if (!error) error = spawn(pid, program, arguments, environment, &actions);
    }
    if (high_input >= 0) close(high_input);
    if (high_output >= 0) close(high_output);
    if (high_errors >= 0) close(high_errors);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int clinux_memory_file(const void *bytes, size_t count) {
    int file = memfd_create("martlet", MFD_CLOEXEC);
    if (file < 0) return -1;
    const char *rest = bytes;
    while (count > 0) {
        ssize_t written = write(file, rest, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            int error = errno;
            close(file);
            errno = error;
            return -1;
        }
        rest += written;
        count -= (size_t)written;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

int clinux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_peek_exit(pid_t pid) {
    siginfo_t info;
    int result;
    do {
        result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    } while (result == -1 && errno == EINTR);
    return result;
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void clinux_eventfd_send(int descriptor) { eventfd_write(descriptor, 1); }

int clinux_open_beneath(int folder, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC),
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
    };
    long file = syscall(SYS_openat2, folder, path, &how, sizeof how);
    // Kernels before 5.6, and sandboxes that do not know the call.
    if (file < 0 && (errno == ENOSYS || errno == EPERM)) return openat(folder, path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
    return (int)file;
}

int clinux_reflink(int from, int to) { return ioctl(to, FICLONE, from); }

ssize_t clinux_copy_range(int from, int to, size_t count) { return copy_file_range(from, NULL, to, NULL, count, 0); }
