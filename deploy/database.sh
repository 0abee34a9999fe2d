# Run once by PostgreSQL's image, when it has made the server: Hark gets a role that owns its database and nothing else.
# Everybody else comes in from within the container alone, by its user and without a password:
#	docker compose -f deploy/compose.yaml exec postgresql psql hark
# shellcheck shell=bash
psql --no-psqlrc --set=ON_ERROR_STOP=1 --quiet --dbname=hark <<-'SQL'
	-- In no argument, where a list of processes would show it.
	\set password `cat /run/secrets/database_password`
	CREATE ROLE hark LOGIN PASSWORD :'password';
	ALTER DATABASE hark OWNER TO hark;
	ALTER ROLE postgres PASSWORD NULL;
SQL
sed -i '1i local hark hark scram-sha-256' "$PGDATA/pg_hba.conf"
