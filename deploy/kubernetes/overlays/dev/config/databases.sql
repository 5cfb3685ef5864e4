-- Run once, when the data folder is new; the image makes the database of the directory itself.
CREATE DATABASE documents;
CREATE DATABASE notifications;
