create table if not exists page_views (event_id varchar primary key, user_id varchar not null);
