-- The rights of the role that the service connects as: to read and write rows, and no more. Run this
-- in the database after the first `latchkey migrate`, as its owner. A second run changes nothing.
GRANT SELECT, INSERT, UPDATE ON users TO latchkey_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, throttle_counts, mails, links, second_factors, passkeys, remembered_devices TO latchkey_service;
GRANT SELECT, INSERT ON orders, audit_events, timelines TO latchkey_service;
GRANT SELECT ON schema_version TO latchkey_service;
