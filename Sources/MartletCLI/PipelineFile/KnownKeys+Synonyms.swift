extension KnownKeys {
    /// Keys that people know from elsewhere, too far from ours to be found by their letters, and ours for each; of
    /// several the first that the mapping has is offered.
    static let synonyms: [String: [String]] = [
        "create_data_intervals": ["data_intervals"],
        "assets": ["datasets"],
        "dates": ["at"],
        "instants": ["at"],
        "period": ["every"],
        "delta": ["every"],
        "tz": ["timezone"],
        "end_date": ["end"],
        "start_date": ["start"],
        "depends_on": ["after"], "needs": ["after"], "upstream": ["after"], "run": ["command"], "shell": ["command"],
        "bash": ["command"], "cmd": ["command"], "name": ["id"], "if": ["when"], "condition": ["when"],
        "cwd": ["working_directory"], "workdir": ["working_directory"], "environment": ["env"], "query": ["sql"],
        "script": ["python"], "tasks": ["steps"], "jobs": ["steps"], "parameters": ["params"], "cron": ["schedule"],
        "arguments": ["args"], "packages": ["requirements"], "reads": ["inputs"], "writes": ["outputs"],
        "master": ["on"], "application": ["script"], "application_args": ["args"], "java_class": ["class"],
        "main_class": ["class"], "pyfiles": ["py_files"], "py-files": ["py_files"], "archives": ["files"],
        "required": ["default"], "choices": ["enum"], "min": ["minimum"], "max": ["maximum"],
    ].merging(airflow) { own, _ in own }

    /// Airflow's names for settings of pipelines, steps and groups, and some of other schedulers.
    private static let airflow: [String: [String]] = [
        "dag_id": ["pipeline"], "default_args": ["defaults"], "schedule_interval": ["schedule"],
        "doc_md": ["description"], "doc": ["description"], "tooltip": ["description"],
        "max_active_tasks": ["max_parallel_steps"], "concurrency": ["max_parallel_steps", "max_active"],
        "dagrun_timeout": ["run_timeout"], "max_consecutive_failed_dag_runs": ["max_consecutive_failures"],
        "fail_stop": ["fail_fast"], "is_paused_upon_creation": ["paused"], "sla": ["deadline"],
        "on_failure_callback": ["notify_on_failure"], "email_on_failure": ["notify_on_failure"],
        "callback": ["notify"], "interval": ["within"], "reference": ["from"],
        "task_id": ["id"], "group_id": ["id"], "bash_command": ["command"], "python_callable": ["python"],
        "op_args": ["args"], "execution_timeout": ["timeout"], "retry_exponential_backoff": ["retry_backoff"],
        "task_queued_timeout": ["queue_timeout"], "pool_slots": ["slots"], "weight": ["priority"],
        "priority_weight": ["priority"], "max_active_tis_per_dag": ["max_active"], "task_concurrency": ["max_active"],
        "max_active_tis_per_dagrun": ["max_active_per_run"], "heartbeat_timeout": ["heartbeat"],
        "is_setup": ["setup"], "is_teardown": ["teardown"], "setups": ["of"],
        "on_failure_fail_dagrun": ["fails_run", "teardown"], "task_group": ["group"], "task_groups": ["groups"],
        "parent_group": ["parent"], "expand": ["map", "over"], "expand_kwargs": ["map", "over"],
        "foreach": ["map", "over"], "for_each": ["map", "over"], "with_items": ["map", "over"],
        "matrix": ["map", "over"], "items": ["over", "map"], "map_index_template": ["label", "map"],
        "max_map_length": ["limit"], "dataset": ["files"], "glob": ["pattern"],
        "ignore_downstream_trigger_rules": ["respect_trigger_rules"], "python_short_circuit": ["short_circuit"],
        "start_date": ["start"], "end_date": ["end"], "tz": ["timezone"], "delta": ["every"], "period": ["every"],
        "event_dates": ["at"], "dates": ["at"], "instants": ["at"], "assets": ["datasets"],
        "create_cron_data_intervals": ["data_intervals"], "create_delta_data_intervals": ["data_intervals"],
        "vars": ["variables"], "secrets": ["variables", "connections"],
    ]
}
