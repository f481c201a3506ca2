SELECT * FROM a WHERE month = {{ params.month }}
