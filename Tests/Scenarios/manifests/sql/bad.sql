-- Keeps one month.
SELECT *
FROM a
WHERE név = 'á' AND month = {{ params.mnth }}
  AND x = {{ steps.one.valeus.y }}
