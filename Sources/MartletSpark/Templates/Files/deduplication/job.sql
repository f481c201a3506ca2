-- Keeps the latest row of each key: see deduplication.md. One statement over the table or view `rows`.
-- Rows without a key are left out; parameter :since (a time as text) leaves out what is older.
SELECT best.*
FROM (
  -- A row without a time is the oldest; the content decides between rows of the same time.
  SELECT max_by(struct(rows.*), struct(@{order_column}, to_json(struct(rows.*)))) AS best
  FROM rows
  WHERE concat(@{keys}) IS NOT NULL
    AND (@{order_column} >= CAST(:since AS TIMESTAMP) OR @{order_column} IS NULL)
  GROUP BY @{keys}
)
