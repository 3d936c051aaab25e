// Package compose tests docker-compose.yml with the loader of Docker Compose 2 itself: its schema, its interpolation and its
// rules for what belongs together. docker-compose 1.29 is tried for real in test/deploy.
package compose
