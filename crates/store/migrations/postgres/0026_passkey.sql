-- Passkeys of a member of staff, as a JSON list: ids, names, and the public keys sealed for their owner.
ALTER TABLE second_factor ADD COLUMN passkeys TEXT NOT NULL DEFAULT '[]';
