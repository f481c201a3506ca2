// The floor: the least that a server of Kafka's protocol can do. It acknowledges Produce, keeps the batches in memory,
// and gives the same bytes back to Fetch. One thread, epoll, no checks, no disk, no groups; for loopback and for
// comparison only.
//
//   floor PORT
//
// Prints "listening on PORT" when it is ready.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { max_topics = 64, max_partitions = 64, max_connections = 256, in_bytes = 8 << 20, max_parts = 256 };
static const size_t log_bytes = (size_t)16 << 30; // addresses only; memory comes as it is written to

typedef struct { int64_t offset; size_t position; } place;
typedef struct { uint8_t *bytes; size_t size; int64_t end; place *places; size_t count, room; } plog;
typedef struct { char name[256]; int partitions; plog logs[max_partitions]; } topic;
static topic topics[max_topics];
static int topic_count, port;

// Bytes on their way out: either of the connection's own buffer or of a log.
typedef struct { const uint8_t *bytes; size_t count; uint8_t *owned; } part;
typedef struct {
    int fd;
    uint8_t *in;
    size_t have, room;
    part parts[max_parts];
    int first, count;
    int wants_write, waits; // waits: a Fetch is parked
    int64_t deadline;
    uint8_t parked[4096];
    size_t parked_count;
} connection;
static connection *connections[max_connections];
static int poller;

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// Reading: past the end zeros come.
typedef struct { const uint8_t *at, *end; } reader;
static uint64_t take(reader *r, int size) {
    uint64_t value = 0;
    if (r->end - r->at < size) { r->at = r->end; return 0; }
    for (int i = 0; i < size; i++) value = value << 8 | r->at[i];
    r->at += size;
    return value;
}
static int16_t take16(reader *r) { return (int16_t)take(r, 2); }
static int32_t take32(reader *r) { return (int32_t)take(r, 4); }
static int64_t take64(reader *r) { return (int64_t)take(r, 8); }
static const uint8_t *take_bytes(reader *r, int64_t count) {
    const uint8_t *at = r->at;
    if (count < 0) return at;
    if (r->end - r->at < count) { r->at = r->end; return r->end; }
    r->at += count;
    return at;
}
static void take_text(reader *r, char *text, size_t room) {
    int count = take16(r);
    const uint8_t *at = take_bytes(r, count);
    size_t kept = count > 0 ? (size_t)count : 0;
    if (kept >= room) kept = room - 1;
    memcpy(text, at, kept);
    text[kept] = 0;
}

// Writing an answer; records of logs are put between by `lay`.
typedef struct { uint8_t *bytes; size_t count, room; connection *to; size_t sent, total; int first; } writer;
static void need(writer *w, size_t more) {
    if (w->count + more <= w->room) return;
    fprintf(stderr, "an answer is too long\n");
    exit(1);
}
static void put(writer *w, uint64_t value, int size) {
    need(w, (size_t)size);
    for (int i = size - 1; i >= 0; i--) w->bytes[w->count++] = (uint8_t)(value >> (8 * i));
}
static void put_text(writer *w, const char *text) {
    size_t count = strlen(text);
    put(w, count, 2);
    need(w, count);
    memcpy(w->bytes + w->count, text, count);
    w->count += count;
}
static part *slot(connection *c) {
    if (c->first > 0 && c->count == max_parts) {
        memmove(c->parts, c->parts + c->first, sizeof(part) * (size_t)(c->count - c->first));
        c->count -= c->first;
        c->first = 0;
    }
    if (c->count == max_parts) { fprintf(stderr, "too much is unread\n"); exit(1); }
    return &c->parts[c->count++];
}
static writer start(connection *c, int32_t correlation, size_t room) {
    writer w = {malloc(room), 0, room, c, 0, 0, 1};
    put(&w, 0, 4);
    put(&w, (uint32_t)correlation, 4);
    return w;
}
static void part_out(writer *w) {
    if (w->count == w->sent) return;
    *slot(w->to) = (part){w->bytes + w->sent, w->count - w->sent, NULL};
    w->sent = w->count;
}
static void lay(writer *w, const uint8_t *bytes, size_t count) {
    if (!count) return;
    part_out(w);
    *slot(w->to) = (part){bytes, count, NULL};
    w->total += count;
}
static void end(writer *w) {
    uint32_t size = htonl((uint32_t)(w->count + w->total - 4));
    memcpy(w->bytes, &size, 4);
    part_out(w);
    // The buffer goes with its last piece.
    *slot(w->to) = (part){w->bytes, 0, w->bytes};
}

static topic *find(const char *name, int partitions) {
    for (int i = 0; i < topic_count; i++) if (!strcmp(topics[i].name, name)) return &topics[i];
    if (partitions < 1 || partitions > max_partitions || topic_count == max_topics) return NULL;
    topic *t = &topics[topic_count++];
    snprintf(t->name, sizeof t->name, "%s", name);
    t->partitions = partitions;
    for (int i = 0; i < partitions; i++) {
        plog *l = &t->logs[i];
        l->bytes = mmap(NULL, log_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (l->bytes == MAP_FAILED) { perror("mmap"); exit(1); }
    }
    return t;
}
static plog *log_of(const char *name, int32_t partition) {
    topic *t = find(name, 0);
    return t && partition >= 0 && partition < t->partitions ? &t->logs[partition] : NULL;
}

static void api_versions(writer *w, int version) {
    static const int16_t served[][3] = {{0, 0, 7}, {1, 4, 11}, {2, 1, 2}, {3, 0, 4}, {10, 0, 2}, {18, 0, 3}, {19, 2, 4}, {22, 0, 1}};
    int count = (int)(sizeof served / sizeof *served), flexible = version == 3;
    put(w, version > 3 ? 35 : 0, 2);
    if (flexible) put(w, (uint64_t)count + 1, 1); else put(w, (uint64_t)count, 4);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < 3; k++) put(w, (uint16_t)served[i][k], 2);
        if (flexible) put(w, 0, 1);
    }
    if (version > 0 && version <= 3) put(w, 0, 4);
    if (flexible) put(w, 0, 1);
}
static void put_broker(writer *w) {
    put(w, 1, 4);
    put_text(w, "127.0.0.1");
    put(w, (uint64_t)port, 4);
}
static void put_topic(writer *w, const char *name, topic *t) {
    put(w, t ? 0 : 3, 2);
    put_text(w, name);
    put(w, 0, 1);
    put(w, t ? (uint64_t)t->partitions : 0, 4);
    for (int i = 0; t && i < t->partitions; i++) {
        put(w, 0, 2);
        put(w, (uint64_t)i, 4);
        put(w, 1, 4);
        for (int k = 0; k < 2; k++) { put(w, 1, 4); put(w, 1, 4); }
    }
}
static void metadata(writer *w, reader *r) {
    put(w, 0, 4);
    put(w, 1, 4);
    put_broker(w);
    put(w, 0xffff, 2);
    put_text(w, "floor");
    put(w, 1, 4);
    int32_t count = take32(r);
    if (count < 0) {
        put(w, (uint64_t)topic_count, 4);
        for (int i = 0; i < topic_count; i++) put_topic(w, topics[i].name, &topics[i]);
        return;
    }
    put(w, (uint64_t)count, 4);
    for (int32_t i = 0; i < count; i++) {
        char name[256];
        take_text(r, name, sizeof name);
        put_topic(w, name, find(name, 0));
    }
}
static void create_topics(writer *w, reader *r) {
    put(w, 0, 4);
    int32_t count = take32(r);
    put(w, (uint64_t)count, 4);
    for (int32_t i = 0; i < count; i++) {
        char name[256], ignored[256];
        take_text(r, name, sizeof name);
        int32_t partitions = take32(r);
        take16(r);
        if (take32(r) > 0) exit(1); // assignments by hand: nobody here makes them
        for (int32_t k = take32(r); k > 0; k--) { take_text(r, ignored, sizeof ignored); take_text(r, ignored, sizeof ignored); }
        put_text(w, name);
        put(w, find(name, 0) ? 36 : find(name, partitions < 1 ? 1 : partitions) ? 0 : 37, 2);
        put(w, 0xffff, 2);
    }
}
static void list_offsets(writer *w, reader *r) {
    take32(r);
    take(r, 1);
    put(w, 0, 4);
    int32_t count = take32(r);
    put(w, (uint64_t)count, 4);
    for (int32_t i = 0; i < count; i++) {
        char name[256];
        take_text(r, name, sizeof name);
        put_text(w, name);
        int32_t partitions = take32(r);
        put(w, (uint64_t)partitions, 4);
        for (int32_t k = 0; k < partitions; k++) {
            int32_t index = take32(r);
            int64_t time = take64(r);
            plog *l = log_of(name, index);
            put(w, (uint64_t)index, 4);
            put(w, l ? 0 : 3, 2);
            put(w, (uint64_t)-1, 8);
            put(w, (uint64_t)(l && time == -1 ? l->end : 0), 8);
        }
    }
}
// The offset of a batch is written into the kept copy, without which no consumer could go on; its checksum leaves it out.
static int64_t append(plog *l, const uint8_t *bytes, size_t count) {
    if (l->size + count > log_bytes || count < 61) return -1;
    uint32_t delta;
    memcpy(&delta, bytes + 23, 4);
    int64_t base = l->end;
    uint64_t big = htobe64((uint64_t)base);
    uint8_t *to = l->bytes + l->size;
    memcpy(to, &big, 8);
    memcpy(to + 8, bytes + 8, count - 8);
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : 1024;
        l->places = realloc(l->places, l->room * sizeof *l->places);
        if (!l->places) exit(1);
    }
    l->places[l->count++] = (place){base, l->size};
    l->size += count;
    l->end = base + (int64_t)ntohl(delta) + 1;
    return base;
}
static int produce(writer *w, reader *r, int version) {
    char name[256];
    take_text(r, name, sizeof name); // the transaction's id
    int16_t acks = take16(r);
    take32(r);
    int32_t count = take32(r);
    put(w, (uint64_t)count, 4);
    for (int32_t i = 0; i < count; i++) {
        take_text(r, name, sizeof name);
        put_text(w, name);
        int32_t partitions = take32(r);
        put(w, (uint64_t)partitions, 4);
        for (int32_t k = 0; k < partitions; k++) {
            int32_t index = take32(r);
            int32_t size = take32(r);
            const uint8_t *bytes = take_bytes(r, size);
            plog *l = log_of(name, index);
            int64_t base = l && size > 0 ? append(l, bytes, (size_t)size) : -1;
            put(w, (uint64_t)index, 4);
            put(w, base < 0 ? 3 : 0, 2);
            put(w, (uint64_t)base, 8);
            put(w, (uint64_t)-1, 8);
            if (version >= 5) put(w, 0, 8);
        }
    }
    put(w, 0, 4);
    return acks != 0;
}
static size_t position(plog *l, int64_t offset) {
    if (offset >= l->end) return l->size;
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (l->places[middle].offset <= offset) low = middle + 1; else high = middle;
    }
    return low ? l->places[low - 1].position : 0;
}
// Whole batches are not needed: clients leave a cut one at the end out. The first is always whole.
static size_t wanted(plog *l, size_t from, size_t limit) {
    size_t count = l->size - from;
    if (!count) return 0;
    uint32_t length;
    memcpy(&length, l->bytes + from + 8, 4);
    size_t first = (size_t)ntohl(length) + 12;
    if (limit < first) limit = first;
    return count < limit ? count : limit;
}
// Zero when there is nothing yet.
static int fetch(connection *c, int32_t correlation, reader body, int must, int32_t *wait) {
    reader r = body;
    take32(&r);
    *wait = take32(&r);
    take32(&r);
    int64_t left = take32(&r);
    take(&r, 1 + 4 + 4);
    reader again = r;
    size_t ready = 0;
    for (int32_t i = take32(&r); i > 0; i--) {
        char name[256];
        take_text(&r, name, sizeof name);
        for (int32_t k = take32(&r); k > 0; k--) {
            int32_t index = take32(&r);
            take32(&r);
            int64_t offset = take64(&r);
            take(&r, 8);
            take32(&r);
            plog *l = log_of(name, index);
            if (l) ready += l->size - position(l, offset); else must = 1;
        }
    }
    if (!ready && !must && *wait > 0) return 0;
    r = again;
    writer w = start(c, correlation, 8192);
    put(&w, 0, 4 + 2 + 4);
    int32_t count = take32(&r);
    put(&w, (uint64_t)count, 4);
    for (int32_t i = 0; i < count; i++) {
        char name[256];
        take_text(&r, name, sizeof name);
        put_text(&w, name);
        int32_t partitions = take32(&r);
        put(&w, (uint64_t)partitions, 4);
        for (int32_t k = 0; k < partitions; k++) {
            int32_t index = take32(&r);
            take32(&r);
            int64_t offset = take64(&r);
            take(&r, 8);
            int64_t limit = take32(&r);
            plog *l = log_of(name, index);
            size_t from = l ? position(l, offset) : 0;
            if (limit > left) limit = left;
            size_t size = l && left > 0 ? wanted(l, from, (size_t)limit) : 0;
            left -= (int64_t)size;
            put(&w, (uint64_t)index, 4);
            put(&w, l ? 0 : 3, 2);
            put(&w, (uint64_t)(l ? l->end : -1), 8);
            put(&w, (uint64_t)(l ? l->end : -1), 8);
            put(&w, 0, 8);
            put(&w, 0xffffffff, 4);
            put(&w, 0xffffffff, 4);
            put(&w, size, 4);
            if (l) lay(&w, l->bytes + from, size);
        }
    }
    end(&w);
    return 1;
}

static void drop(connection *c) {
    for (int i = c->first; i < c->count; i++) free(c->parts[i].owned);
    for (int i = 0; i < max_connections; i++) if (connections[i] == c) connections[i] = NULL;
    close(c->fd);
    munmap(c->in, c->room);
    free(c);
}
// Zero when the connection is gone.
static int flush(connection *c) {
    while (c->first < c->count) {
        struct iovec pieces[64];
        int count = 0;
        for (int i = c->first; i < c->count && count < 64; i++)
            pieces[count++] = (struct iovec){(void *)c->parts[i].bytes, c->parts[i].count};
        ssize_t sent = writev(c->fd, pieces, count);
        if (sent < 0) {
            if (errno == EINTR) continue;
            if (errno != EAGAIN) { drop(c); return 0; }
            break;
        }
        size_t left = (size_t)sent;
        while (c->first < c->count && left >= c->parts[c->first].count) {
            left -= c->parts[c->first].count;
            free(c->parts[c->first++].owned);
        }
        if (c->first < c->count) { c->parts[c->first].bytes += left; c->parts[c->first].count -= left; }
        if (c->first == c->count) c->first = c->count = 0;
    }
    int wants = c->first < c->count;
    if (wants != c->wants_write) {
        struct epoll_event event = {EPOLLIN | (wants ? EPOLLOUT : 0), {.ptr = c}};
        epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
        c->wants_write = wants;
    }
    return 1;
}
static int wake(connection *c, int must) {
    reader r = {c->parked, c->parked + c->parked_count};
    int32_t correlation = take32(&r), wait;
    if (!fetch(c, correlation, r, must, &wait)) return 1;
    c->waits = 0;
    return flush(c);
}
static void handle(connection *c, reader r, int *appended) {
    int16_t api = take16(&r), version = take16(&r);
    int32_t correlation = take32(&r), wait = 0;
    take_bytes(&r, take16(&r));
    if (api == 1) {
        const uint8_t *body = r.at;
        if (fetch(c, correlation, r, 0, &wait)) return;
        c->parked_count = 4 + (size_t)(r.end - body);
        if (c->parked_count > sizeof c->parked) exit(1);
        uint32_t big = htonl((uint32_t)correlation);
        memcpy(c->parked, &big, 4);
        memcpy(c->parked + 4, body, c->parked_count - 4);
        c->waits = 1;
        c->deadline = now_ms() + wait;
        return;
    }
    writer w = start(c, correlation, 8192);
    switch (api) {
    case 0:
        *appended = 1;
        if (!produce(&w, &r, version)) { free(w.bytes); return; }
        break;
    case 2: list_offsets(&w, &r); break;
    case 3: metadata(&w, &r); break;
    case 10:
        if (version > 0) put(&w, 0, 4);
        put(&w, 0, 2);
        if (version > 0) put(&w, 0xffff, 2);
        put_broker(&w);
        break;
    case 18: api_versions(&w, version); break;
    case 19: create_topics(&w, &r); break;
    case 22: put(&w, 0, 4 + 2); put(&w, 1, 8); put(&w, 0, 2); break;
    default: fprintf(stderr, "api %d is not served\n", api); exit(1);
    }
    end(&w);
}
// Zero when the connection is gone.
static int receive(connection *c, int *appended) {
    ssize_t got = recv(c->fd, c->in + c->have, c->room - c->have, 0);
    if (got <= 0) {
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
        drop(c);
        return 0;
    }
    c->have += (size_t)got;
    size_t at = 0;
    while (c->have - at >= 4) {
        uint32_t size;
        memcpy(&size, c->in + at, 4);
        size = ntohl(size);
        if (size > c->room - 4) { drop(c); return 0; }
        if (c->have - at - 4 < size) break;
        handle(c, (reader){c->in + at + 4, c->in + at + 4 + size}, appended);
        at += 4 + size;
        if (c->count - c->first > max_parts / 2 && !flush(c)) return 0;
    }
    if (at) { memmove(c->in, c->in + at, c->have - at); c->have -= at; }
    return flush(c);
}

int main(int count, char **arguments) {
    if (count != 2) { fprintf(stderr, "usage: floor PORT\n"); return 2; }
    port = atoi(arguments[1]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 64)) { perror("listen"); return 1; }
    poller = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {.ptr = NULL}};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    printf("listening on %d\n", port);
    fflush(stdout);
    for (;;) {
        int64_t next = -1, now = now_ms();
        for (int i = 0; i < max_connections; i++)
            if (connections[i] && connections[i]->waits && (next < 0 || connections[i]->deadline < next)) next = connections[i]->deadline;
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, next < 0 ? -1 : next > now ? (int)(next - now) : 0);
        int appended = 0;
        for (int i = 0; i < ready; i++) {
            connection *c = events[i].data.ptr;
            if (!c) {
                int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                int place = 0;
                while (place < max_connections && connections[place]) place++;
                if (fd < 0 || place == max_connections) continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                c = calloc(1, sizeof *c);
                c->fd = fd;
                c->room = in_bytes;
                c->in = mmap(NULL, in_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                connections[place] = c;
                event = (struct epoll_event){EPOLLIN, {.ptr = c}};
                epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
                continue;
            }
            if ((events[i].events & EPOLLOUT) && !flush(c)) continue;
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c, &appended);
        }
        now = now_ms();
        for (int i = 0; i < max_connections; i++) {
            connection *c = connections[i];
            if (c && c->waits && (appended || c->deadline <= now)) wake(c, c->deadline <= now);
        }
    }
}
