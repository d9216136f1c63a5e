\set number random(1, :rooms)
WITH r AS (UPDATE floor.room SET last = last + 1 WHERE number = :number RETURNING id, last)
INSERT INTO floor.message (room, sequence, body) SELECT id, last, '{"text": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}' FROM r;
