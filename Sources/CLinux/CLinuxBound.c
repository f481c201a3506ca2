#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What the child does between fork and exec; only calls that are safe there. Reports an errno to `report`.
static void become(const char *program, char *const arguments[], char *const environment[], const char *directory,
                   const int descriptors[3], int report, pid_t parent) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    const int ignored[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
    for (int index = 0; index < 4; index++) sigaction(ignored[index], &usual, NULL);
    int error = 0;
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) error = errno;
    // The parent may have gone before that was set.
    if (!error && getppid() != parent) _exit(127);
    for (int number = 0; !error && number < 3; number++)
        if (dup2(descriptors[number], number) < 0) error = errno;
    if (!error && directory && chdir(directory) != 0) error = errno;
    if (!error) {
        // The report goes with exec; all others between and behind go now.
        int high = fcntl(report, F_DUPFD_CLOEXEC, 3);
        if (high >= 0) report = high;
        if (report > 3) syscall(SYS_close_range, 3, report - 1, 0);
        syscall(SYS_close_range, report + 1, ~0U, 0);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execvpe(program, arguments, environment);
        error = errno;
    }
    ssize_t count = write(report, &error, sizeof error);
    (void)count;
    _exit(127);
}

int clinux_spawn_bound(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                       const char *directory, int input, int output, int errors) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    // Above the standard numbers, so that no move overwrites another.
    const int given[3] = {input, output, errors};
    int lifted[3] = {-1, -1, -1};
    int error = 0;
    for (int index = 0; index < 3 && !error; index++) {
        lifted[index] = fcntl(given[index], F_DUPFD_CLOEXEC, 10);
        if (lifted[index] < 0) error = errno;
    }
    if (!error) {
        // No handler of this process may run in the child.
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pid_t parent = getpid();
        pid_t child = fork();
        if (child == 0) become(program, arguments, environment, directory, lifted, report[1], parent);
        if (child < 0) error = errno;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        *pid = child;
    }
    close(report[1]);
    if (!error) {
        ssize_t count;
        do count = read(report[0], &error, sizeof error);
        while (count < 0 && errno == EINTR);
        if (count != sizeof error) error = 0;
        if (error) {
            while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR) {}
        }
    }
    close(report[0]);
    for (int index = 0; index < 3; index++)
        if (lifted[index] >= 0) close(lifted[index]);
    return error;
}

int clinux_unread(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

void clinux_block_sigpipe(void) {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
}
