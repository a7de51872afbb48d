/*
 * simple_spread with three agents in plain C: what a compiled language reaches without a simulator around it. Same
 * observations, rewards, costs, contact rule, random numbers and resets as ours, with libm's exp and log1p.
 *
 * gcc -O3 -march=native -shared -fPIC -o spread.so spread.c -lm
 *
 * Rules    MPE2 at dbd68d2, simple_spread_v3; written anew for this benchmark
 * Arrays   one row per environment, row-major, as the caller lays them out
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { N = 3, O = 18, CYCLES = 25 };

static const double DT = 0.1, DAMPING = 0.25, FORCE = 100, MARGIN = 1e-3, ACCEL = 5, TOUCH = 0.3;
/* The force is 0 in double precision beyond 709 margins. */
static const double REACH = 0.3 + 709 * 1e-3;

typedef struct {
  const int32_t *actions; /* [E][N] */
  double *pos;            /* [E][2N][2] agents, then landmarks */
  double *vel;            /* [E][N][2] */
  double *obs;            /* [E][N][O] */
  double *final_obs;      /* [E][N][O] */
  double *reward;         /* [E][N] */
  double *cost;           /* [E][N] */
  double *channel_cost;   /* [E] */
  uint8_t *truncated;     /* [E][N] */
  uint8_t *done;          /* [E] */
  int32_t *cycle;         /* [E] */
  int32_t *episode;       /* [E] */
  const uint32_t *key;    /* [E][2] */
} World;

static inline uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

/* Threefry2x32-20 (Salmon et al. 2011), as 53 random bits in [0, 1). */
static double draw(const uint32_t *key, uint32_t c0, uint32_t c1) {
  static const int turns[8] = {13, 15, 26, 6, 17, 29, 16, 24};
  const uint32_t k[3] = {key[0], key[1], key[0] ^ key[1] ^ 0x1bd11bda};
  uint32_t a = c0 + k[0], b = c1 + k[1];
  for (int round = 0; round < 20; round++) {
    a += b;
    b = rotate(b, turns[round % 8]) ^ a;
    if (round % 4 == 3) {
      const uint32_t s = round / 4 + 1;
      a += k[s % 3];
      b += k[(s + 1) % 3] + s;
    }
  }
  return ((a >> 5) * 67108864.0 + (b >> 6)) * 0x1p-53;
}

static void observe(const double (*p)[2], const double (*v)[2], double *out) {
  for (int i = 0; i < N; i++, out += O) {
    double *o = out;
    *o++ = v[i][0], *o++ = v[i][1];
    *o++ = p[i][0], *o++ = p[i][1];
    for (int l = N; l < 2 * N; l++) *o++ = p[l][0] - p[i][0], *o++ = p[l][1] - p[i][1];
    for (int j = 0; j < N; j++) {
      if (j != i) *o++ = p[j][0] - p[i][0], *o++ = p[j][1] - p[i][1];
    }
    for (int j = 0; j < 2 * (N - 1); j++) *o++ = 0;
  }
}

static void begin(const World *w, int e) {
  double (*p)[2] = (void *)(w->pos + e * 4 * N), (*v)[2] = (void *)(w->vel + e * 2 * N);
  w->cycle[e] = 0;
  for (int i = 0; i < 2 * N; i++) {
    for (int c = 0; c < 2; c++) p[i][c] = draw(w->key + 2 * e, w->episode[e], 2 * i + c) * 2 - 1;
  }
  memset(v, 0, sizeof(double) * 2 * N);
  observe(p, v, w->obs + e * N * O);
}

void reset(const World *w, int E) {
  memset(w->done, 0, E);
  memset(w->truncated, 0, E * N);
  for (int e = 0; e < E; e++) {
    w->episode[e] = 0;
    begin(w, e);
  }
}

static inline double square(double x) { return x * x; }

static inline double squared_distance(const double *a, const double *b) {
  return square(a[0] - b[0]) + square(a[1] - b[1]);
}

static const double MOVE_X[5] = {0, -1, 1, 0, 0}, MOVE_Y[5] = {0, 0, 0, -1, 1};

void step(const World *w, int E) {
  memset(w->done, 0, E);
  memset(w->truncated, 0, E * N);
  for (int e = 0; e < E; e++) {
    double (*p)[2] = (void *)(w->pos + e * 4 * N), (*v)[2] = (void *)(w->vel + e * 2 * N);
    double f[N][2];
    for (int i = 0; i < N; i++) {
      const int32_t action = w->actions[e * N + i];
      f[i][0] = ACCEL * MOVE_X[action], f[i][1] = ACCEL * MOVE_Y[action];
    }
    for (int i = 0; i < N; i++) {
      for (int j = i + 1; j < N; j++) {
        const double d2 = squared_distance(p[i], p[j]);
        if (d2 >= REACH * REACH) continue;
        const double d = sqrt(d2), x = (TOUCH - d) / MARGIN;
        const double depth = MARGIN * (x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)));
        for (int c = 0; c < 2; c++) {
          const double push = FORCE * (p[i][c] - p[j][c]) / d * depth;
          f[i][c] += push;
          f[j][c] -= push;
        }
      }
    }
    for (int i = 0; i < N; i++) {
      for (int c = 0; c < 2; c++) {
        p[i][c] += v[i][c] * DT;
        v[i][c] = v[i][c] * (1 - DAMPING) + f[i][c] * DT;
      }
    }
    double cover = 0, pairs = 0, hits[N] = {0};
    for (int l = N; l < 2 * N; l++) {
      double nearest = squared_distance(p[0], p[l]);
      for (int i = 1; i < N; i++) nearest = fmin(nearest, squared_distance(p[i], p[l]));
      cover -= sqrt(nearest);
    }
    for (int i = 0; i < N; i++) {
      for (int j = i + 1; j < N; j++) {
        if (squared_distance(p[i], p[j]) < TOUCH * TOUCH) hits[i]++, hits[j]++, pairs++;
      }
    }
    for (int i = 0; i < N; i++) {
      w->reward[e * N + i] = 0.5 * cover - 0.5 * hits[i];
      w->cost[e * N + i] = hits[i];
    }
    w->channel_cost[e] = pairs;
    double *obs = w->obs + e * N * O;
    if (++w->cycle[e] < CYCLES) {
      observe(p, v, obs);
      continue;
    }
    observe(p, v, w->final_obs + e * N * O);
    w->done[e] = 1;
    memset(w->truncated + e * N, 1, N);
    w->episode[e]++;
    begin(w, e);
  }
}
