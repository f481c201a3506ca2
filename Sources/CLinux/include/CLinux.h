// The few Linux calls that Swift cannot make itself: variadic ones, and those behind _GNU_SOURCE.
#pragma once
#include <stddef.h>
#include <sys/types.h>

// Starts a program in a process group of its own, every other descriptor closed, no signal blocked
// or ignored that Martlet blocks or ignores.
// `directory` may be NULL. Standard input is /dev/null; standard output and error go to `output`. When
// `frames_in` is not negative, it and `frames_out` become descriptors 3 and 4 of the program.
// Returns 0, or an errno with nothing started.
int clinux_spawn(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                 const char *directory, int output, int frames_in, int frames_out);

// Starts a program in the same way with these three descriptors as its standard input, output and error.
int clinux_spawn_filter(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                        const char *directory, int input, int output, int errors);

// Starts a program in the same way, and has the kernel end it (SIGKILL) when the calling thread ends, in whatever way:
// call it from a thread that lives as long as the program shall.
int clinux_spawn_bound(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                       const char *directory, int input, int output, int errors);

// How many bytes of a pipe nobody has read yet (FIONREAD); -1 with errno set on failure.
int clinux_unread(int descriptor);

// Keeps SIGPIPE away from the calling thread: a write to a pipe that nobody reads fails with EPIPE only.
void clinux_block_sigpipe(void);

// A file in memory that holds `bytes`, to be read from their beginning: memfd_create(2), closing on exec. -1 with errno
// set on failure.
int clinux_memory_file(const void *bytes, size_t count);

// A descriptor that becomes readable when the process ends (pidfd_open(2)); -1 with errno set on failure.
int clinux_pidfd_open(pid_t pid);

// Waits for a child that has ended without reaping it, so that its id cannot be reused yet. 0 or -1 with errno set.
int clinux_peek_exit(pid_t pid);

// A pipe whose ends close on exec: pipe2(2). 0 or -1 with errno set.
int clinux_pipe(int ends[2]);

// A counter that poll(2) can wait for: eventfd(2), not blocking, closing on exec. -1 with errno set on failure.
int clinux_eventfd(void);

// Makes such a counter readable.
void clinux_eventfd_send(int descriptor);

// Opens what is at `path` below the folder without following a link on the way or leaving it: openat2(2). The flags say
// the rest; the descriptor closes on exec. -1 with errno set on failure; ELOOP when there is a link.
int clinux_open_beneath(int folder, const char *path, int flags, mode_t mode);

// Makes the empty file `to` share the blocks of `from` (ioctl_ficlone(2)). 0 or -1 with errno set.
int clinux_reflink(int from, int to);

// Copies up to `count` bytes within the kernel: copy_file_range(2). The number copied, 0 at the end, -1 with errno set.
ssize_t clinux_copy_range(int from, int to, size_t count);
