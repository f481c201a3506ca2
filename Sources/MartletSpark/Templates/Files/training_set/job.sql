-- Splits labelled examples by time, each entity in the first set it is seen in: see training_set.md.
-- One statement over the table or view `examples`; parameters :train_end, :validation_end, :test_end (times as text),
-- :embargo_seconds, :negative, :negative_rate (the class that is thinned out in the training set) and :seed.
WITH ends AS (
  SELECT CAST(:train_end AS TIMESTAMP) AS train_end, CAST(:validation_end AS TIMESTAMP) AS validation_end,
         CAST(:test_end AS TIMESTAMP) AS test_end, make_dt_interval(0, 0, 0, :embargo_seconds) AS embargo
), placed AS (
  SELECT examples.*,
         CASE WHEN @{time} < train_end THEN 'train'
              WHEN @{time} >= train_end + embargo AND @{time} < validation_end THEN 'validation'
              WHEN @{time} >= validation_end + embargo AND @{time} < test_end THEN 'test' END AS split
  FROM examples CROSS JOIN ends
  WHERE @{label} IS NOT NULL
), first_seen AS (
  SELECT *, min(array_position(array('train', 'validation', 'test'), split)) OVER (PARTITION BY @{entity}) AS first_set,
         split = 'train' AND CAST(@{label} AS STRING) = :negative AS is_thinned,
         CAST(conv(substring(sha2(concat_ws('\u001f', :seed, @{id}), 256), 1, 8), 16, 10) AS DOUBLE)
           / 4294967296 AS place
  FROM placed
  WHERE split IS NOT NULL
)
SELECT * EXCEPT (first_set, is_thinned, place),
       CASE WHEN is_thinned THEN 1 / CAST(:negative_rate AS DOUBLE) ELSE 1.0D END AS sample_weight
FROM first_seen
WHERE array_position(array('train', 'validation', 'test'), split) = first_set
  AND (NOT is_thinned OR place < :negative_rate)
