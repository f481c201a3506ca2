// The load: one program with librdkafka that writes to and reads from any server of Kafka's protocol, and checks what
// it reads. The library is opened by its path, so that every side gets the same one.
//
//   load MODE key=value...
//
// Modes: create (topic, partitions), produce, consume, latency. Prints one line of JSON.
//
// Record i goes to partition i % partitions (with its key as the record's key too, when keyed=1); its value is made of i alone, so that whoever reads can tell whether it is
// what was written: consume compares the checksum of each partition, in order, with that of what should be there, and
// ends with 1 when they differ.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define FUNCTIONS(X) \
    X(rd_kafka_conf_new) X(rd_kafka_conf_set) X(rd_kafka_conf_set_events) X(rd_kafka_new) X(rd_kafka_destroy) \
    X(rd_kafka_topic_new) \
    X(rd_kafka_produce) X(rd_kafka_last_error) X(rd_kafka_err2str) X(rd_kafka_queue_get_main) X(rd_kafka_queue_new) \
    X(rd_kafka_queue_destroy) X(rd_kafka_queue_poll) X(rd_kafka_event_type) X(rd_kafka_event_message_array) \
    X(rd_kafka_event_message_count) X(rd_kafka_event_destroy) X(rd_kafka_event_error_string) \
    X(rd_kafka_consume_start_queue) X(rd_kafka_consume_batch_queue) \
    X(rd_kafka_message_destroy) X(rd_kafka_version_str) X(rd_kafka_NewTopic_new) X(rd_kafka_NewTopic_destroy) \
    X(rd_kafka_CreateTopics) X(rd_kafka_event_CreateTopics_result) X(rd_kafka_CreateTopics_result_topics) \
    X(rd_kafka_topic_result_error) X(rd_kafka_event_error)
#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static const char *broker = "127.0.0.1:9092", *library = "librdkafka.so.1", *topic_name = "load", *codec = "none";
static const char *acks = "-1", *linger = "5", *batch_bytes = "1000000", *batch_records = "10000", *fetch_wait = "500";
static const char *extra = "";
static long records = 1000000, size = 100, partitions = 1, rate = 10000, warm = 0, keys = 1000, keyed = 0, tail = 0;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "error: %s: %s\n", what, why);
    exit(1);
}
static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
static double processor_seconds(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

// What records are made of: JSON whose numbers change. The rest, when size asks for more, is text that compresses as
// text does.
static const char pattern[] = "{\"id\":1000000000,\"key\":\"k0000000\",\"ts\":1700000000000,\"value\":10000.00,\"note\":\"";
enum { at_id = 6, at_key = 25, at_time = 39, at_value = 61, first_id = 1000000000 };
static void digits(char *to, int count, uint64_t value) {
    while (count-- > 0) { to[count] = (char)('0' + value % 10); value /= 10; }
}
static uint64_t mixed(uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}
static void prepare_record(char *to) {
    static const char text[] = "the quick brown fox jumps over the lazy dog while seven boxing wizards jump quickly ";
    size_t fixed = sizeof pattern - 1;
    memcpy(to, pattern, fixed);
    for (long i = (long)fixed; i < size - 2; i++) to[i] = text[(size_t)i % (sizeof text - 1)];
    to[size - 2] = '"';
    to[size - 1] = '}';
}
// The event time: a millisecond for ten records; window counts are known from that.
static void make_record(char *to, uint64_t number) {
    uint64_t random = mixed(number);
    digits(to + at_id, 10, first_id + number);
    // The tail, which is asked for: a record an hour later, with a key of its own, which ends all windows.
    int is_tail = tail && number == (uint64_t)records - 1;
    digits(to + at_key, 7, is_tail ? 9999999 : random % (uint64_t)keys);
    digits(to + at_time, 13, 1700000000000 + number / 10 + (is_tail ? 3600000 : 0));
    uint64_t cents = 1000000 + (random >> 32) % 9000000;
    digits(to + at_value, 5, cents / 100);
    digits(to + at_value + 6, 2, cents % 100);
}
static uint64_t sum_of(uint64_t sum, const char *bytes, size_t count) {
    while (count >= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        sum = (sum ^ word) * 0x9fb21c651e98df25;
        sum ^= sum >> 32;
        bytes += 8;
        count -= 8;
    }
    while (count--) sum = (sum ^ (uint8_t)*bytes++) * 0x100000001b3;
    return sum;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char why[512];
    if (p_rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) fail(name, why);
}
// `extra`: name:value,name:value
static void set_extra(rd_kafka_conf_t *conf) {
    char *copy = strdup(extra);
    for (char *each = strtok(copy, ","); each; each = strtok(NULL, ",")) {
        char *colon = strchr(each, ':');
        if (!colon) fail(each, "a name and a value with a colon between");
        *colon = 0;
        set(conf, each, colon + 1);
    }
    free(copy);
}
static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char why[512];
    set(conf, "bootstrap.servers", broker);
    set(conf, "broker.address.family", "v4");
    set(conf, "log_level", "0");
    set_extra(conf);
    rd_kafka_t *rk = p_rd_kafka_new(type, conf, why, sizeof why);
    if (!rk) fail("client", why);
    return rk;
}
static rd_kafka_t *producer(void) {
    rd_kafka_conf_t *conf = p_rd_kafka_conf_new();
    set(conf, "queue.buffering.max.messages", "1000000");
    set(conf, "queue.buffering.max.kbytes", "1048576");
    set(conf, "linger.ms", linger);
    set(conf, "batch.size", batch_bytes);
    set(conf, "batch.num.messages", batch_records);
    set(conf, "compression.codec", codec);
    set(conf, "acks", acks);
    set(conf, "retries", "0"); // what is lost is to be seen
    p_rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    return client(RD_KAFKA_PRODUCER, conf);
}
static rd_kafka_t *consumer(void) {
    rd_kafka_conf_t *conf = p_rd_kafka_conf_new();
    set(conf, "fetch.wait.max.ms", fetch_wait);
    set(conf, "fetch.error.backoff.ms", "1");
    return client(RD_KAFKA_CONSUMER, conf);
}

// Counts what was acknowledged; any failure ends the run.
static long acknowledged(rd_kafka_queue_t *queue, int wait) {
    rd_kafka_event_t *event = p_rd_kafka_queue_poll(queue, wait);
    if (!event) return 0;
    long count = 0;
    if (p_rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR) {
        static const rd_kafka_message_t *messages[100000];
        size_t got;
        while ((got = p_rd_kafka_event_message_array(event, messages, 100000)) > 0) {
            for (size_t i = 0; i < got; i++)
                if (messages[i]->err) fail("not acknowledged", p_rd_kafka_err2str(messages[i]->err));
            count += (long)got;
        }
    } else if (p_rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
        fprintf(stderr, "note: %s\n", p_rd_kafka_event_error_string(event));
    }
    p_rd_kafka_event_destroy(event);
    return count;
}

static int create(void) {
    rd_kafka_t *rk = producer();
    rd_kafka_queue_t *queue = p_rd_kafka_queue_new(rk);
    char why[512];
    rd_kafka_NewTopic_t *new = p_rd_kafka_NewTopic_new(topic_name, (int)partitions, 1, why, sizeof why);
    if (!new) fail("topic", why);
    p_rd_kafka_CreateTopics(rk, &new, 1, NULL, queue);
    rd_kafka_event_t *event = p_rd_kafka_queue_poll(queue, 30000);
    if (!event) fail("create", "no answer in 30 s");
    if (p_rd_kafka_event_error(event)) fail("create", p_rd_kafka_event_error_string(event));
    size_t count;
    const rd_kafka_topic_result_t **results = p_rd_kafka_CreateTopics_result_topics(p_rd_kafka_event_CreateTopics_result(event), &count);
    for (size_t i = 0; i < count; i++) {
        if (p_rd_kafka_topic_result_error(results[i]))
            fail("create", p_rd_kafka_err2str(p_rd_kafka_topic_result_error(results[i])));
    }
    p_rd_kafka_event_destroy(event);
    p_rd_kafka_NewTopic_destroy(new);
    p_rd_kafka_queue_destroy(queue);
    p_rd_kafka_destroy(rk);
    printf("{\"created\": \"%s\"}\n", topic_name);
    return 0;
}

static int produce(void) {
    rd_kafka_t *rk = producer();
    rd_kafka_topic_t *topic = p_rd_kafka_topic_new(rk, topic_name, NULL);
    rd_kafka_queue_t *queue = p_rd_kafka_queue_get_main(rk);
    char *record = malloc((size_t)size);
    prepare_record(record);
    // The connection and the metadata are there before the clock starts: of what is written first, `warm` records.
    long done = 0, sent = 0;
    int64_t started = 0;
    double processor = 0;
    for (; sent < records; sent++) {
        if (sent == warm) {
            while (done < warm) done += acknowledged(queue, 1000);
            started = now_ns();
            processor = processor_seconds();
        }
        make_record(record, (uint64_t)sent);
        const char *key = keyed ? record + at_key - 1 : NULL;
        while (p_rd_kafka_produce(topic, (int32_t)(sent % partitions), RD_KAFKA_MSG_F_COPY, record, (size_t)size, key, keyed ? 8 : 0, NULL)) {
            if (p_rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
                fail("produce", p_rd_kafka_err2str(p_rd_kafka_last_error()));
            done += acknowledged(queue, 10);
        }
        if ((sent & 4095) == 0) done += acknowledged(queue, 0);
    }
    int64_t last = now_ns();
    while (done < records) {
        long more = acknowledged(queue, 1000);
        done += more;
        if (more) last = now_ns();
        else if (now_ns() - last > 60000000000) fail("produce", "no acknowledgement for a minute");
    }
    double seconds = (double)(now_ns() - started) / 1e9;
    printf("{\"records\": %ld, \"seconds\": %.6f, \"rate\": %.0f, \"processor\": %.3f, \"library\": \"%s\"}\n", records - warm,
           seconds, (double)(records - warm) / seconds, processor_seconds() - processor, p_rd_kafka_version_str());
    fflush(stdout);
    _exit(0);
}

static int consume(void) {
    uint64_t *sums = calloc((size_t)partitions, 8);
    int64_t *next = calloc((size_t)partitions, 8);
    rd_kafka_t *rk = consumer();
    rd_kafka_topic_t *topic = p_rd_kafka_topic_new(rk, topic_name, NULL);
    rd_kafka_queue_t *queue = p_rd_kafka_queue_new(rk);
    for (long i = 0; i < partitions; i++)
        if (p_rd_kafka_consume_start_queue(topic, (int32_t)i, 0, queue))
            fail("consume", p_rd_kafka_err2str(p_rd_kafka_last_error()));
    static rd_kafka_message_t *messages[10000];
    long count = 0, counted = 0;
    int64_t begun = now_ns(), started = 0, last = begun;
    double processor = 0;
    while (count < records) {
        ssize_t got = p_rd_kafka_consume_batch_queue(queue, 100, messages, 10000);
        if (got < 0) fail("consume", p_rd_kafka_err2str(p_rd_kafka_last_error()));
        int64_t now = now_ns();
        if (got > 0) {
            // From the first records on: what comes before is connecting.
            if (!started) { started = now; processor = processor_seconds(); counted = -got; }
            last = now;
        } else if (now - last > 60000000000) {
            fprintf(stderr, "%ld of %ld records\n", count, records);
            fail("consume", "nothing for a minute");
        }
        for (ssize_t i = 0; i < got; i++) {
            rd_kafka_message_t *m = messages[i];
            if (m->err) fail("consume", p_rd_kafka_err2str(m->err));
            if (m->offset != next[m->partition]) {
                fprintf(stderr, "partition %d: offset %" PRId64 " instead of %" PRId64 "\n", m->partition, m->offset, next[m->partition]);
                return 1;
            }
            next[m->partition]++;
            sums[m->partition] = sum_of(sums[m->partition], m->payload, m->len);
            p_rd_kafka_message_destroy(m);
        }
        count += got;
    }
    int64_t ended = now_ns();
    processor = processor_seconds() - processor;
    counted += count;
    // What should have come.
    uint64_t *wanted = calloc((size_t)partitions, 8);
    char *record = malloc((size_t)size);
    prepare_record(record);
    for (long i = 0; i < records; i++) {
        make_record(record, (uint64_t)i);
        wanted[i % partitions] = sum_of(wanted[i % partitions], record, (size_t)size);
    }
    if (count != records || memcmp(sums, wanted, 8 * (size_t)partitions)) {
        fprintf(stderr, "error: what was read is not what was written\n");
        return 1;
    }
    double seconds = (double)(ended - started) / 1e9;
    printf("{\"records\": %ld, \"seconds\": %.6f, \"rate\": %.0f, \"processor\": %.3f, \"whole\": %.6f, \"equal\": true, \"library\": \"%s\"}\n",
           counted, seconds, (double)counted / seconds, processor, (double)(ended - begun) / 1e9, p_rd_kafka_version_str());
    fflush(stdout);
    _exit(0);
}

// Open loop: record i is meant to be sent at start + i / rate whatever became of those before, and its latency counts
// from then, so that a server that stalls is not spared the records that it kept from being sent.
static int64_t origin;
static atomic_int ready;
static void *reading(void *context) {
    rd_kafka_queue_t *queue = context;
    int64_t *delays = malloc(sizeof(int64_t) * (size_t)records);
    static rd_kafka_message_t *messages[1000];
    long count = 0;
    int64_t last = now_ns();
    atomic_store(&ready, 1);
    while (count < records) {
        ssize_t got = p_rd_kafka_consume_batch_queue(queue, 1000, messages, 1);
        int64_t now = now_ns();
        if (got < 0) fail("consume", p_rd_kafka_err2str(p_rd_kafka_last_error()));
        if (got > 0) last = now;
        else if (now - last > 30000000000) fail("latency", "nothing for 30 s");
        for (ssize_t i = 0; i < got; i++) {
            rd_kafka_message_t *m = messages[i];
            if (m->err) fail("consume", p_rd_kafka_err2str(m->err));
            uint64_t number = 0;
            for (int k = 0; k < 10; k++) number = number * 10 + (uint64_t)(((char *)m->payload)[at_id + k] - '0');
            number -= first_id;
            if (number >= (uint64_t)records || (int64_t)number != m->offset * partitions + m->partition)
                fail("latency", "another record than the one that was sent");
            delays[number] = now - (origin + (int64_t)((double)number * 1e9 / (double)rate));
            p_rd_kafka_message_destroy(m);
        }
        count += got;
    }
    return delays;
}
static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}
static int latency(void) {
    rd_kafka_t *out = producer(), *in = consumer();
    rd_kafka_topic_t *topic = p_rd_kafka_topic_new(out, topic_name, NULL);
    rd_kafka_topic_t *source = p_rd_kafka_topic_new(in, topic_name, NULL);
    rd_kafka_queue_t *queue = p_rd_kafka_queue_new(in), *reports = p_rd_kafka_queue_get_main(out);
    for (long i = 0; i < partitions; i++)
        if (p_rd_kafka_consume_start_queue(source, (int32_t)i, 0, queue)) fail("consume", "it does not start");
    char *record = malloc((size_t)size);
    prepare_record(record);
    origin = now_ns() + 1500000000; // connections and metadata come before
    pthread_t thread;
    pthread_create(&thread, NULL, reading, queue);
    while (!atomic_load(&ready)) usleep(1000);
    long sent = 0, done = 0;
    double processor = processor_seconds();
    while (sent < records) {
        int64_t due = origin + (int64_t)((double)sent * 1e9 / (double)rate), now = now_ns();
        if (due > now) {
            struct timespec until = {due / 1000000000, due % 1000000000};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        }
        make_record(record, (uint64_t)sent);
        if (p_rd_kafka_produce(topic, (int32_t)(sent % partitions), RD_KAFKA_MSG_F_COPY, record, (size_t)size, NULL, 0, NULL))
            fail("produce", p_rd_kafka_err2str(p_rd_kafka_last_error()));
        sent++;
        if ((sent & 63) == 0) done += acknowledged(reports, 0);
    }
    while (done < records) done += acknowledged(reports, 1000);
    void *result;
    pthread_join(thread, &result);
    int64_t *delays = result;
    // The first second is not counted.
    long from = warm < records ? warm : 0, count = records - from;
    qsort(delays + from, (size_t)count, sizeof *delays, by_value);
    int64_t *d = delays + from;
    printf("{\"records\": %ld, \"rate\": %ld, \"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f, \"processor\": %.3f, \"library\": \"%s\"}\n",
           count, rate, (double)d[count / 2] / 1e6, (double)d[count * 9 / 10] / 1e6, (double)d[count * 99 / 100] / 1e6,
           (double)d[count * 999 / 1000] / 1e6, (double)d[count - 1] / 1e6, processor_seconds() - processor, p_rd_kafka_version_str());
    fflush(stdout);
    _exit(0);
}

int main(int count, char **arguments) {
    if (count < 2) { fprintf(stderr, "usage: load create|produce|consume|latency key=value...\n"); return 2; }
    struct { const char *name; const char **text; long *number; } known[] = {
        {"broker", &broker, NULL}, {"library", &library, NULL}, {"topic", &topic_name, NULL}, {"codec", &codec, NULL},
        {"acks", &acks, NULL}, {"linger", &linger, NULL}, {"batch", &batch_bytes, NULL}, {"batch-records", &batch_records, NULL},
        {"fetch-wait", &fetch_wait, NULL}, {"extra", &extra, NULL}, {"records", NULL, &records}, {"size", NULL, &size},
        {"partitions", NULL, &partitions}, {"rate", NULL, &rate}, {"warm", NULL, &warm}, {"keys", NULL, &keys}, {"keyed", NULL, &keyed}, {"tail", NULL, &tail},
    };
    for (int i = 2; i < count; i++) {
        char *equals = strchr(arguments[i], '=');
        size_t k = 0, all = sizeof known / sizeof *known;
        while (equals && k < all && (strncmp(known[k].name, arguments[i], (size_t)(equals - arguments[i])) || known[k].name[equals - arguments[i]])) k++;
        if (!equals || k == all) { fprintf(stderr, "unknown: %s\n", arguments[i]); return 2; }
        if (known[k].text) *known[k].text = equals + 1; else *known[k].number = atol(equals + 1);
    }
    if (size < (long)sizeof pattern + 1) fail("size", "at least 85");
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) fail("library", dlerror());
#define LOAD(name) if (!(*(void **)&p_##name = dlsym(handle, #name))) fail("library", #name " is missing");
    FUNCTIONS(LOAD)
    if (!strcmp(arguments[1], "create")) return create();
    if (!strcmp(arguments[1], "produce")) return produce();
    if (!strcmp(arguments[1], "consume")) return consume();
    if (!strcmp(arguments[1], "latency")) return latency();
    fprintf(stderr, "unknown mode %s\n", arguments[1]);
    return 2;
}
