-- Gives each label the newest feature values that were true and known at its time: see point_in_time_join.md.
-- One statement over the tables or views `labels` and `features`; parameter :ttl_seconds.
WITH timeline AS (
  SELECT struct(@{keys}) AS key, CAST(@{label_time} AS TIMESTAMP) AS at, TRUE AS is_label,
         struct(labels.*) AS label, NULL AS feature
  FROM labels
  UNION ALL
  SELECT struct(@{keys}), CAST(greatest(@{event_time}, @{known_time}) AS TIMESTAMP), FALSE, NULL, struct(features.*)
  FROM features
  -- A key with a NULL in it is nobody's, and concat of it is NULL.
  WHERE @{event_time} IS NOT NULL AND @{known_time} IS NOT NULL AND concat(@{keys}) IS NOT NULL
), seen AS (
  SELECT label, at, is_label,
         max_by(feature, CASE WHEN NOT is_label
                              THEN struct(feature.@{event_time}, feature.@{known_time}, to_json(feature)) END)
           OVER (PARTITION BY key ORDER BY at, is_label = ('@{exact}' = 'include')
                 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS best
  FROM timeline
), fresh AS (
  SELECT label,
         CASE WHEN best.@{event_time} >= at - make_dt_interval(0, 0, 0, :ttl_seconds) THEN best END AS feature
  FROM seen
  WHERE is_label
)
SELECT label.*, feature.* EXCEPT (@{keys}, @{event_time}, @{known_time}), feature.@{event_time} AS feature_time
FROM fresh
