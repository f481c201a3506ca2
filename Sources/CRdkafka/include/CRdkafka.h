#ifndef CRDKAFKA_H
#define CRDKAFKA_H

// The part of librdkafka's C API that Martlet uses, as function pointers resolved at run time.
//
// librdkafka is not linked: only a process that talks to Kafka loads it, and a newer library may stand in for the
// system's. No header of it is needed either. The declarations follow the documented API
// (https://docs.confluent.io/platform/current/clients/librdkafka/html/rdkafka_8h.html), whose functions keep their
// signatures within version 2; keep them in step with it when adding one.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __clang__
// The function pointers are never null unless they say so; what they take may be, as in C.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"
#else
#define _Nonnull
#define _Nullable
#endif

/// An error's number: Kafka's own when positive, the library's when negative, 0 for none.
typedef int rdk_code;
#define RDK_CODE_NONE 0
#define RDK_CODE_NO_OFFSET -168
#define RDK_CODE_REVOKE_PARTITIONS -174
#define RDK_CODE_ASSIGN_PARTITIONS -175
#define RDK_CODE_QUEUE_FULL -184
#define RDK_CODE_PARTITION_EOF -191

/// The kind of a client: RDK_PRODUCER or RDK_CONSUMER.
typedef int rdk_role;
#define RDK_PRODUCER 0
#define RDK_CONSUMER 1

// Opaque handles. Each is released by the function named beside it.
typedef struct rd_kafka_s rdk_client;                                   // destroy_flags
typedef struct rd_kafka_conf_s rdk_conf;                                // conf_destroy, or taken by `new`
typedef struct rd_kafka_topic_s rdk_topic;                              // topic_destroy
typedef struct rd_kafka_queue_s rdk_queue;                              // queue_destroy
typedef struct rd_kafka_op_s rdk_event;                                 // event_destroy
typedef struct rd_kafka_error_s rdk_error;                              // error_destroy
typedef struct rd_kafka_headers_s rdk_headers;                          // headers_destroy, or taken by produceva
typedef struct rd_kafka_consumer_group_metadata_s rdk_group_metadata;   // consumer_group_metadata_destroy
typedef struct rd_kafka_AdminOptions_s rdk_admin_options;               // AdminOptions_destroy
typedef struct rd_kafka_NewTopic_s rdk_new_topic;                       // NewTopic_destroy
typedef struct rd_kafka_DeleteTopic_s rdk_delete_topic;                 // DeleteTopic_destroy
typedef struct rd_kafka_NewPartitions_s rdk_new_partitions;             // NewPartitions_destroy
typedef struct rd_kafka_ConfigResource_s rdk_config_resource;           // ConfigResource_destroy
typedef struct rd_kafka_DeleteRecords_s rdk_delete_records;             // DeleteRecords_destroy
typedef struct rd_kafka_DeleteGroup_s rdk_delete_group;                 // DeleteGroup_destroy
typedef struct rd_kafka_ListConsumerGroupOffsets_s rdk_list_offsets;    // ListConsumerGroupOffsets_destroy
typedef struct rd_kafka_AlterConsumerGroupOffsets_s rdk_alter_offsets;  // AlterConsumerGroupOffsets_destroy
typedef struct rd_kafka_DeleteConsumerGroupOffsets_s rdk_delete_offsets;  // DeleteConsumerGroupOffsets_destroy
typedef struct rd_kafka_mock_cluster_s rdk_mock;                        // goes with its client

// Parts of results, which belong to the event they come from.
typedef struct rd_kafka_ConfigEntry_s rdk_config_entry;
typedef struct rd_kafka_topic_result_s rdk_topic_result;
typedef struct rd_kafka_group_result_s rdk_group_result;
typedef struct rd_kafka_ConsumerGroupListing_s rdk_group_listing;
typedef struct rd_kafka_ConsumerGroupDescription_s rdk_group_description;
typedef struct rd_kafka_MemberDescription_s rdk_member_description;
typedef struct rd_kafka_MemberAssignment_s rdk_member_assignment;

/// A record that was consumed, or the report on one that was produced.
typedef struct {
    rdk_code err;
    rdk_topic *topic;
    int32_t partition;
    /// The value, or the text of the error.
    void *payload;
    size_t payload_size;
    void *key;
    size_t key_size;
    int64_t offset;
    /// The opaque that was given to produceva.
    void *opaque;
} rdk_message;

/// A partition with an offset; in queries about time the offset is a timestamp.
typedef struct {
    char *topic;
    int32_t partition;
    int64_t offset;
    /// Released with the list, by the library's free.
    void *metadata;
    size_t metadata_size;
    void *opaque;
    rdk_code err;
    void *reserved;
} rdk_partition;

/// A list of partitions; made and released by topic_partition_list_new and _destroy only.
typedef struct {
    int count;
    int capacity;
    rdk_partition *elements;
} rdk_partition_list;

/// One argument of produceva.
typedef struct {
    int kind;
    union {
        rdk_topic *topic;
        int flags;
        int32_t partition;
        int64_t timestamp;
        struct {
            void *start;
            size_t size;
        } bytes;
        void *pointer;
        // Room for arguments of later versions.
        char room[64];
    } value;
} rdk_argument;
#define RDK_ARGUMENT_TOPIC 2
#define RDK_ARGUMENT_PARTITION 3
#define RDK_ARGUMENT_VALUE 4
#define RDK_ARGUMENT_KEY 5
#define RDK_ARGUMENT_OPAQUE 6
#define RDK_ARGUMENT_FLAGS 7
#define RDK_ARGUMENT_TIMESTAMP 8
#define RDK_ARGUMENT_HEADERS 10

/// A broker of the cluster.
typedef struct {
    int32_t id;
    char *host;
    int port;
} rdk_metadata_broker;

/// A partition of a topic.
typedef struct {
    int32_t id;
    rdk_code err;
    int32_t leader;
    int replica_count;
    int32_t *replicas;
    int in_sync_count;
    int32_t *in_sync;
} rdk_metadata_partition;

/// A topic of the cluster.
typedef struct {
    char *name;
    int partition_count;
    rdk_metadata_partition *partitions;
    rdk_code err;
} rdk_metadata_topic;

/// What the brokers say about the cluster; released by metadata_destroy.
typedef struct {
    int broker_count;
    rdk_metadata_broker *brokers;
    int topic_count;
    rdk_metadata_topic *topics;
    int32_t origin_id;
    char *origin_name;
} rdk_metadata;

// Kinds of events: bits for conf_set_events, numbers from event_type.
#define RDK_EVENT_DELIVERY 0x1
#define RDK_EVENT_FETCH 0x2
#define RDK_EVENT_LOG 0x4
#define RDK_EVENT_ERROR 0x8
#define RDK_EVENT_REBALANCE 0x10
#define RDK_EVENT_OFFSET_COMMIT 0x20
#define RDK_EVENT_STATS 0x40

/// destroy_flags: do not leave the group first.
#define RDK_DESTROY_NO_CONSUMER_CLOSE 0x8
/// produceva: the library copies key and value.
#define RDK_FLAG_COPY 0x2
// What purge drops.
#define RDK_PURGE_QUEUE 0x1
#define RDK_PURGE_IN_FLIGHT 0x2
// Kinds of resources that have a configuration.
#define RDK_RESOURCE_TOPIC 2
#define RDK_RESOURCE_BROKER 4
/// Any operation may use the options.
#define RDK_ADMIN_ANY 0
// Offsets that stand for a place.
#define RDK_OFFSET_BEGINNING -2
#define RDK_OFFSET_END -1
#define RDK_OFFSET_STORED -1000
#define RDK_OFFSET_INVALID -1001

/// The functions, each named as in the C API without its `rd_kafka_` prefix. Only crdkafka_load makes one, whole.
typedef struct {
    int (*_Nonnull version)(void);
    const char *(*_Nonnull version_str)(void);
    const char *(*_Nonnull err2str)(rdk_code code);
    const char *(*_Nonnull err2name)(rdk_code code);
    void (*_Nonnull mem_free)(rdk_client *client, void *memory);

    // Configuration and life of a client.
    rdk_conf *(*_Nonnull conf_new)(void);
    void (*_Nonnull conf_destroy)(rdk_conf *conf);
    int (*_Nonnull conf_set)(rdk_conf *conf, const char *name, const char *value, char *error, size_t length);
    void (*_Nonnull conf_set_events)(rdk_conf *conf, int events);
    rdk_client *(*_Nonnull new)(rdk_role role, rdk_conf *conf, char *error, size_t length);
    void (*_Nonnull destroy_flags)(rdk_client *client, int flags);
    rdk_code (*_Nonnull fatal_error)(rdk_client *client, char *error, size_t length);
    rdk_code (*_Nonnull set_log_queue)(rdk_client *client, rdk_queue *queue);

    // Errors of calls that tell more than a number.
    rdk_code (*_Nonnull error_code)(const rdk_error *error);
    const char *(*_Nonnull error_string)(const rdk_error *error);
    int (*_Nonnull error_is_fatal)(const rdk_error *error);
    int (*_Nonnull error_is_retriable)(const rdk_error *error);
    int (*_Nonnull error_txn_requires_abort)(const rdk_error *error);
    void (*_Nonnull error_destroy)(rdk_error *error);

    // Queues and the events in them.
    rdk_queue *(*_Nonnull queue_new)(rdk_client *client);
    void (*_Nonnull queue_destroy)(rdk_queue *queue);
    rdk_queue *(*_Nonnull queue_get_main)(rdk_client *client);
    rdk_queue *(*_Nonnull queue_get_consumer)(rdk_client *client);
    rdk_queue *(*_Nonnull queue_get_partition)(rdk_client *client, const char *topic, int32_t partition);
    void (*_Nonnull queue_forward)(rdk_queue *source, rdk_queue *destination);
    void (*_Nonnull queue_cb_event_enable)(
        rdk_queue *queue, void (*_Nullable callback)(rdk_client *client, void *opaque), void *opaque);
    rdk_event *(*_Nonnull queue_poll)(rdk_queue *queue, int timeout_ms);
    int (*_Nonnull event_type)(const rdk_event *event);
    void (*_Nonnull event_destroy)(rdk_event *event);
    rdk_code (*_Nonnull event_error)(rdk_event *event);
    const char *(*_Nonnull event_error_string)(rdk_event *event);
    int (*_Nonnull event_error_is_fatal)(rdk_event *event);
    void *(*_Nonnull event_opaque)(rdk_event *event);
    int (*_Nonnull event_log)(rdk_event *event, const char **facility, const char **text, int *level);
    const char *(*_Nonnull event_stats)(rdk_event *event);
    rdk_partition_list *(*_Nonnull event_topic_partition_list)(rdk_event *event);
    size_t (*_Nonnull event_message_count)(rdk_event *event);
    size_t (*_Nonnull event_message_array)(rdk_event *event, const rdk_message **messages, size_t size);

    // Records that were consumed.
    ssize_t (*_Nonnull consume_batch_queue)(
        rdk_queue *queue, int timeout_ms, rdk_message **messages, size_t size);
    void (*_Nonnull message_destroy)(rdk_message *message);
    int64_t (*_Nonnull message_timestamp)(const rdk_message *message, int *kind);
    rdk_code (*_Nonnull message_headers)(const rdk_message *message, rdk_headers **headers);
    rdk_code (*_Nonnull header_get_all)(
        const rdk_headers *headers, size_t index, const char **name, const void **value, size_t *size);
    const char *(*_Nonnull topic_name)(const rdk_topic *topic);

    // Lists of partitions.
    rdk_partition_list *(*_Nonnull topic_partition_list_new)(int capacity);
    void (*_Nonnull topic_partition_list_destroy)(rdk_partition_list *list);
    rdk_partition *(*_Nonnull topic_partition_list_add)(rdk_partition_list *list, const char *topic, int32_t partition);
    rdk_partition_list *(*_Nonnull topic_partition_list_copy)(const rdk_partition_list *list);

    // Groups and assignments.
    rdk_code (*_Nonnull poll_set_consumer)(rdk_client *client);
    rdk_code (*_Nonnull subscribe)(rdk_client *client, const rdk_partition_list *topics);
    rdk_code (*_Nonnull unsubscribe)(rdk_client *client);
    rdk_code (*_Nonnull assign)(rdk_client *client, const rdk_partition_list *partitions);
    rdk_error *(*_Nonnull incremental_assign)(rdk_client *client, const rdk_partition_list *partitions);
    rdk_error *(*_Nonnull incremental_unassign)(rdk_client *client, const rdk_partition_list *partitions);
    int (*_Nonnull assignment_lost)(rdk_client *client);
    const char *(*_Nonnull rebalance_protocol)(rdk_client *client);
    rdk_error *(*_Nonnull consumer_close_queue)(rdk_client *client, rdk_queue *queue);
    int (*_Nonnull consumer_closed)(rdk_client *client);
    rdk_group_metadata *(*_Nonnull consumer_group_metadata)(rdk_client *client);
    void (*_Nonnull consumer_group_metadata_destroy)(rdk_group_metadata *metadata);
    rdk_error *(*_Nonnull consumer_group_metadata_write)(
        const rdk_group_metadata *metadata, void **bytes, size_t *size);
    rdk_error *(*_Nonnull consumer_group_metadata_read)(
        rdk_group_metadata **metadata, const void *bytes, size_t size);

    // Positions.
    rdk_code (*_Nonnull commit_queue)(
        rdk_client *client, const rdk_partition_list *offsets, rdk_queue *queue,
        void (*_Nullable callback)(rdk_client *client, rdk_code code, rdk_partition_list *offsets, void *opaque),
        void *opaque);
    rdk_code (*_Nonnull committed)(rdk_client *client, rdk_partition_list *partitions, int timeout_ms);
    rdk_error *(*_Nonnull seek_partitions)(rdk_client *client, rdk_partition_list *partitions, int timeout_ms);
    rdk_code (*_Nonnull pause_partitions)(rdk_client *client, rdk_partition_list *partitions);
    rdk_code (*_Nonnull resume_partitions)(rdk_client *client, rdk_partition_list *partitions);
    rdk_code (*_Nonnull offsets_for_times)(rdk_client *client, rdk_partition_list *times, int timeout_ms);
    rdk_code (*_Nonnull query_watermark_offsets)(
        rdk_client *client, const char *topic, int32_t partition, int64_t *low, int64_t *high, int timeout_ms);
    rdk_code (*_Nonnull metadata)(
        rdk_client *client, int all_topics, rdk_topic *only_topic, const rdk_metadata **metadata, int timeout_ms);
    void (*_Nonnull metadata_destroy)(const rdk_metadata *metadata);

    // Producing.
    rdk_topic *(*_Nonnull topic_new)(rdk_client *client, const char *name, void *conf);
    void (*_Nonnull topic_destroy)(rdk_topic *topic);
    rdk_headers *(*_Nonnull headers_new)(size_t capacity);
    rdk_code (*_Nonnull header_add)(
        rdk_headers *headers, const char *name, ssize_t name_size, const void *value, ssize_t value_size);
    void (*_Nonnull headers_destroy)(rdk_headers *headers);
    rdk_error *(*_Nonnull produceva)(rdk_client *client, const rdk_argument *arguments, size_t count);
    rdk_code (*_Nonnull flush)(rdk_client *client, int timeout_ms);
    rdk_code (*_Nonnull purge)(rdk_client *client, int flags);

    // Transactions.
    rdk_error *(*_Nonnull init_transactions)(rdk_client *client, int timeout_ms);
    rdk_error *(*_Nonnull begin_transaction)(rdk_client *client);
    rdk_error *(*_Nonnull send_offsets_to_transaction)(
        rdk_client *client, const rdk_partition_list *offsets, const rdk_group_metadata *group, int timeout_ms);
    rdk_error *(*_Nonnull commit_transaction)(rdk_client *client, int timeout_ms);
    rdk_error *(*_Nonnull abort_transaction)(rdk_client *client, int timeout_ms);

    // Administration: a request is answered by an event, which its result belongs to.
    rdk_admin_options *(*_Nonnull AdminOptions_new)(rdk_client *client, int operation);
    void (*_Nonnull AdminOptions_destroy)(rdk_admin_options *options);
    rdk_code (*_Nonnull AdminOptions_set_request_timeout)(
        rdk_admin_options *options, int timeout_ms, char *error, size_t length);
    rdk_code (*_Nonnull topic_result_error)(const rdk_topic_result *result);
    const char *(*_Nonnull topic_result_error_string)(const rdk_topic_result *result);
    const char *(*_Nonnull topic_result_name)(const rdk_topic_result *result);

    rdk_new_topic *(*_Nonnull NewTopic_new)(
        const char *name, int partitions, int replicas, char *error, size_t length);
    void (*_Nonnull NewTopic_destroy)(rdk_new_topic *topic);
    rdk_code (*_Nonnull NewTopic_set_config)(rdk_new_topic *topic, const char *name, const char *value);
    void (*_Nonnull CreateTopics)(
        rdk_client *client, rdk_new_topic **topics, size_t count, const rdk_admin_options *options, rdk_queue *queue);
    const rdk_topic_result **(*_Nonnull CreateTopics_result_topics)(const rdk_event *event, size_t *count);

    rdk_delete_topic *(*_Nonnull DeleteTopic_new)(const char *name);
    void (*_Nonnull DeleteTopic_destroy)(rdk_delete_topic *topic);
    void (*_Nonnull DeleteTopics)(
        rdk_client *client, rdk_delete_topic **topics, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_topic_result **(*_Nonnull DeleteTopics_result_topics)(const rdk_event *event, size_t *count);

    rdk_new_partitions *(*_Nonnull NewPartitions_new)(const char *topic, size_t total, char *error, size_t length);
    void (*_Nonnull NewPartitions_destroy)(rdk_new_partitions *partitions);
    void (*_Nonnull CreatePartitions)(
        rdk_client *client, rdk_new_partitions **partitions, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_topic_result **(*_Nonnull CreatePartitions_result_topics)(const rdk_event *event, size_t *count);

    rdk_config_resource *(*_Nonnull ConfigResource_new)(int kind, const char *name);
    void (*_Nonnull ConfigResource_destroy)(rdk_config_resource *resource);
    rdk_code (*_Nonnull ConfigResource_set_config)(
        rdk_config_resource *resource, const char *name, const char *value);
    const rdk_config_entry **(*_Nonnull ConfigResource_configs)(const rdk_config_resource *resource, size_t *count);
    rdk_code (*_Nonnull ConfigResource_error)(const rdk_config_resource *resource);
    const char *(*_Nonnull ConfigResource_error_string)(const rdk_config_resource *resource);
    const char *(*_Nonnull ConfigEntry_name)(const rdk_config_entry *entry);
    const char *(*_Nonnull ConfigEntry_value)(const rdk_config_entry *entry);
    int (*_Nonnull ConfigEntry_is_default)(const rdk_config_entry *entry);
    int (*_Nonnull ConfigEntry_is_read_only)(const rdk_config_entry *entry);
    int (*_Nonnull ConfigEntry_is_sensitive)(const rdk_config_entry *entry);
    void (*_Nonnull DescribeConfigs)(
        rdk_client *client, rdk_config_resource **resources, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_config_resource **(*_Nonnull DescribeConfigs_result_resources)(const rdk_event *event, size_t *count);
    void (*_Nonnull AlterConfigs)(
        rdk_client *client, rdk_config_resource **resources, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_config_resource **(*_Nonnull AlterConfigs_result_resources)(const rdk_event *event, size_t *count);

    rdk_delete_records *(*_Nonnull DeleteRecords_new)(const rdk_partition_list *before);
    void (*_Nonnull DeleteRecords_destroy)(rdk_delete_records *records);
    void (*_Nonnull DeleteRecords)(
        rdk_client *client, rdk_delete_records **records, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_partition_list *(*_Nonnull DeleteRecords_result_offsets)(const rdk_event *event);

    rdk_delete_group *(*_Nonnull DeleteGroup_new)(const char *group);
    void (*_Nonnull DeleteGroup_destroy)(rdk_delete_group *group);
    void (*_Nonnull DeleteGroups)(
        rdk_client *client, rdk_delete_group **groups, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_group_result **(*_Nonnull DeleteGroups_result_groups)(const rdk_event *event, size_t *count);
    const rdk_error *(*_Nonnull group_result_error)(const rdk_group_result *result);
    const char *(*_Nonnull group_result_name)(const rdk_group_result *result);
    const rdk_partition_list *(*_Nonnull group_result_partitions)(const rdk_group_result *result);

    void (*_Nonnull ListConsumerGroups)(rdk_client *client, const rdk_admin_options *options, rdk_queue *queue);
    const rdk_group_listing **(*_Nonnull ListConsumerGroups_result_valid)(const rdk_event *event, size_t *count);
    const rdk_error **(*_Nonnull ListConsumerGroups_result_errors)(const rdk_event *event, size_t *count);
    const char *(*_Nonnull ConsumerGroupListing_group_id)(const rdk_group_listing *listing);
    int (*_Nonnull ConsumerGroupListing_state)(const rdk_group_listing *listing);
    const char *(*_Nonnull consumer_group_state_name)(int state);

    void (*_Nonnull DescribeConsumerGroups)(
        rdk_client *client, const char **groups, size_t count, const rdk_admin_options *options, rdk_queue *queue);
    const rdk_group_description **(*_Nonnull DescribeConsumerGroups_result_groups)(
        const rdk_event *event, size_t *count);
    const char *(*_Nonnull ConsumerGroupDescription_group_id)(const rdk_group_description *group);
    const rdk_error *(*_Nonnull ConsumerGroupDescription_error)(const rdk_group_description *group);
    int (*_Nonnull ConsumerGroupDescription_state)(const rdk_group_description *group);
    const char *(*_Nonnull ConsumerGroupDescription_partition_assignor)(const rdk_group_description *group);
    size_t (*_Nonnull ConsumerGroupDescription_member_count)(const rdk_group_description *group);
    const rdk_member_description *(*_Nonnull ConsumerGroupDescription_member)(
        const rdk_group_description *group, size_t index);
    const char *(*_Nonnull MemberDescription_client_id)(const rdk_member_description *member);
    const char *(*_Nonnull MemberDescription_group_instance_id)(const rdk_member_description *member);
    const char *(*_Nonnull MemberDescription_consumer_id)(const rdk_member_description *member);
    const char *(*_Nonnull MemberDescription_host)(const rdk_member_description *member);
    const rdk_member_assignment *(*_Nonnull MemberDescription_assignment)(const rdk_member_description *member);
    const rdk_partition_list *(*_Nonnull MemberAssignment_partitions)(const rdk_member_assignment *assignment);

    rdk_list_offsets *(*_Nonnull ListConsumerGroupOffsets_new)(
        const char *group, const rdk_partition_list *partitions);
    void (*_Nonnull ListConsumerGroupOffsets_destroy)(rdk_list_offsets *request);
    void (*_Nonnull ListConsumerGroupOffsets)(
        rdk_client *client, rdk_list_offsets **requests, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_group_result **(*_Nonnull ListConsumerGroupOffsets_result_groups)(
        const rdk_event *event, size_t *count);
    rdk_alter_offsets *(*_Nonnull AlterConsumerGroupOffsets_new)(
        const char *group, const rdk_partition_list *partitions);
    void (*_Nonnull AlterConsumerGroupOffsets_destroy)(rdk_alter_offsets *request);
    void (*_Nonnull AlterConsumerGroupOffsets)(
        rdk_client *client, rdk_alter_offsets **requests, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_group_result **(*_Nonnull AlterConsumerGroupOffsets_result_groups)(
        const rdk_event *event, size_t *count);
    rdk_delete_offsets *(*_Nonnull DeleteConsumerGroupOffsets_new)(
        const char *group, const rdk_partition_list *partitions);
    void (*_Nonnull DeleteConsumerGroupOffsets_destroy)(rdk_delete_offsets *request);
    void (*_Nonnull DeleteConsumerGroupOffsets)(
        rdk_client *client, rdk_delete_offsets **requests, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_group_result **(*_Nonnull DeleteConsumerGroupOffsets_result_groups)(
        const rdk_event *event, size_t *count);

    // From 2.2 on: null in older libraries.
    rdk_error *(*_Nullable ConfigResource_add_incremental_config)(
        rdk_config_resource *resource, const char *name, int operation, const char *value);
    void (*_Nullable IncrementalAlterConfigs)(
        rdk_client *client, rdk_config_resource **resources, size_t count, const rdk_admin_options *options,
        rdk_queue *queue);
    const rdk_config_resource **(*_Nullable IncrementalAlterConfigs_result_resources)(
        const rdk_event *event, size_t *count);

    // The mock cluster, which tests use: null in a library that was built without it.
    rdk_mock *(*_Nullable handle_mock_cluster)(const rdk_client *client);
    const char *(*_Nullable mock_cluster_bootstraps)(const rdk_mock *cluster);
    rdk_code (*_Nullable mock_topic_create)(rdk_mock *cluster, const char *topic, int partitions, int replicas);
    void (*_Nullable mock_push_request_errors_array)(
        rdk_mock *cluster, int16_t api_key, size_t count, const rdk_code *errors);
    rdk_code (*_Nullable mock_broker_set_down)(rdk_mock *cluster, int32_t broker);
    rdk_code (*_Nullable mock_broker_set_up)(rdk_mock *cluster, int32_t broker);
    rdk_code (*_Nullable mock_broker_set_rtt)(rdk_mock *cluster, int32_t broker, int milliseconds);
    rdk_code (*_Nullable mock_partition_set_leader)(
        rdk_mock *cluster, const char *topic, int32_t partition, int32_t broker);
    rdk_code (*_Nullable mock_coordinator_set)(
        rdk_mock *cluster, const char *key_type, const char *key, int32_t broker);
} rdk_api;

/// Loads the library at `path` (a path, or a bare file name that the system's loader looks up) and fills `api`.
///
/// Returns true on success. On failure returns false and writes why, as text cut to `length` bytes, into `error`. A
/// library once loaded stays loaded until the process ends: it has threads that must not lose their code.
bool crdkafka_load(const char *_Nonnull path, rdk_api *_Nonnull api, char *_Nonnull error, size_t length);

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
