/* The small problem of the benchmarks in C: the engine's scheme, its keyed uniforms, its bits.

   Cells lie state by state, all cohorts of a state together. A month has two sweeps. A sweep of a state draws the
   uniforms of all its cells in one plain loop, which a compiler turns into vector instructions, and then visits only
   the cells that may have leavers. benchmarks/keyed_c.py builds and calls this file; the formulas are explained in
   afterfall.engine.counts, keyed_uniforms and quantiles. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SWEEPS 2

typedef struct {
    int64_t cohorts, states, edges, months, feedbacks;
    const uint64_t *key;                      /* [S, C] */
    const int32_t *first, *dest;              /* [S + 1], [E] */
    const double *base;                       /* [E, C] hazard a month without feedback */
    const int32_t *fed_edge, *read_state;     /* [M] an edge whose hazard follows the people in a state */
    const double *coefficient;                /* [M] */
    double scale;                             /* people */
    const double *stirling_error;             /* [16] */
} problem;

/* ------------------------------------------------------------------ keyed uniforms */

static inline uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static const double BELOW_ONE = 1.0 - 0x1p-53;

static inline double uniform_at(uint64_t start, int sweep, uint64_t slot) {
    uint64_t place = ((uint64_t)sweep << 32) + slot + 1;
    double u = ((double)(mixed(start + place * 0x9E3779B97F4A7C15u) >> 11) + 0.5) * 0x1p-53;
    return u < BELOW_ONE ? u : BELOW_ONE;
}

/* ------------------------------------------------------------------ quantiles */

static double polynomial(double x, int n, const double *c) {
    double y = c[0];
    for (int i = 1; i < n; i++) y = y * x + c[i];
    return y;
}

static double normal_quantile(double u) {
    static const double
        a[] = {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
               1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0},
        b[] = {5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
               5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0},
        c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
               1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
               4.63033784615654529590e0, 1.42343711074968357734e0},
        d[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
               1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
               2.05319162663775882187e0, 1.0},
        e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
               2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
               5.46378491116411436990e0, 6.65790464350110377720e0},
        f[] = {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
               7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
               5.99832206555887937690e-1, 1.0};
    double centred = u - 0.5;
    if (fabs(centred) <= 0.425) {
        double r = 0.180625 - centred * centred;
        return centred * polynomial(r, 8, a) / polynomial(r, 8, b);
    }
    double r = sqrt(-log(centred < 0.0 ? u : 1.0 - u));
    double size = r <= 5.0 ? polynomial(r - 1.6, 8, c) / polynomial(r - 1.6, 8, d)
                           : polynomial(r - 5.0, 8, e) / polynomial(r - 5.0, 8, f);
    return centred < 0.0 ? -size : size;
}

static double stirling_error(const problem *p, int64_t k) {
    if (k < 16) return p->stirling_error[k];
    double x = (double)k, x2 = x * x;
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / x2) / x2) / x2) / x2) / x;
}

static double deviance(double x, double mean) {
    if (fabs(x - mean) >= 0.1 * (x + mean)) return x * log(x / mean) + mean - x;
    double v = (x - mean) / (x + mean), total = (x - mean) * v, term = 2.0 * x * v;
    for (int j = 1; j < 1000; j++) {
        term *= v * v;
        double more = total + term / (2 * j + 1);
        if (more == total) break;
        total = more;
    }
    return total;
}

static double binomial_mass(const problem *at, int64_t k, int64_t n, double p) {
    double x = (double)k, m = (double)n;
    double log_part = stirling_error(at, n) - stirling_error(at, k) - stirling_error(at, n - k);
    log_part -= deviance(x, m * p) + deviance(m - x, m * (1.0 - p));
    return exp(log_part) / sqrt(2.0 * M_PI * x * (1.0 - x / m));
}

static double cornish_fisher(double u, double mean, double k2, double k3, double k4, double k5) {
    double z = normal_quantile(u);
    k2 -= 1.0 / 12.0;
    k4 += 1.0 / 120.0;
    double sd = sqrt(k2), g1 = k3 / (k2 * sd), g2 = k4 / (k2 * k2), g3 = k5 / (k2 * k2 * sd), z2 = z * z;
    double w = z + g1 * (z2 - 1.0) / 6.0;
    w += g2 * z * (z2 - 3.0) / 24.0 - g1 * g1 * z * (2.0 * z2 - 5.0) / 36.0;
    w += g3 * ((z2 - 6.0) * z2 + 3.0) / 120.0;
    w += g1 * (g1 * g1 * ((12.0 * z2 - 53.0) * z2 + 17.0) / 324.0 - g2 * ((z2 - 5.0) * z2 + 2.0) / 24.0);
    return mean + sd * w;
}

static int64_t clipped(double x, int64_t least, int64_t most) {
    int64_t k = (int64_t)x;
    return k < least ? least : k > most ? most : k;
}

static int64_t binomial_lower(const problem *at, double u, int64_t n, double p) {
    double q = 1.0 - p, mean = (double)n * p, variance = mean * q;
    if (variance > 400.0) {
        double skew = q - p, spread = p * q;
        double x = cornish_fisher(u, mean, variance, variance * skew, variance * (1.0 - 6.0 * spread),
                                  variance * skew * (1.0 - 12.0 * spread));
        return clipped(ceil(x - 0.5), 0, n);
    }
    int64_t k = mean < 36.0 ? 0 : clipped(floor(mean - 8.5 * sqrt(variance)), 0, n);
    double mass = k == 0 ? exp((double)n * log1p(-p)) : binomial_mass(at, k, n, p), below = mass, odds = p / q;
    while (below < u && k < n) {
        mass *= odds * (double)(n - k) / (double)(k + 1);
        k++;
        if (below + mass == below && (double)k > mean) return k;
        below += mass;
    }
    return k;
}

static inline int64_t binomial_quantile(const problem *at, double u, int64_t n, double p) {
    if (n <= 0 || p <= 0.0) return 0;
    if (p >= 1.0) return n;
    if (n == 1) return u > 1.0 - p;
    if (p > 0.5) return n - binomial_lower(at, 1.0 - u < BELOW_ONE ? 1.0 - u : BELOW_ONE, n, 1.0 - p);
    return binomial_lower(at, u, n, p);
}

/* ------------------------------------------------------------------ the step */

static inline double leave_probability(double hazard) { return -expm1(-hazard); }

static inline double entrant_leave_probability(double h, double leave) {
    if (h < 1e-3) return h * (1.0 / 2.0 - h * (1.0 / 6.0 - h * (1.0 / 24.0 - h / 120.0)));
    return 1.0 - leave / h;
}

static inline int64_t leavers(const problem *p, double u, int64_t people, double hazard) {
    double x = hazard * (double)people;
    if (u <= 1.0 - x * (1.0 - x * (1.0 / 2.0 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x / 120.0))))) return 0;
    return binomial_quantile(p, u, people, leave_probability(hazard));
}

static inline int64_t entrant_leavers(const problem *p, double u, int64_t people, double hazard) {
    if (u <= 1.0 - hazard * (double)people / 2.0) return 0;
    return binomial_quantile(p, u, people, entrant_leave_probability(hazard, leave_probability(hazard)));
}

/* People, hazards and streams of one trajectory. */
typedef struct {
    int64_t *n, *entered, *later;  /* [S, C] */
    double *hazard, *beyond;       /* [E, C] a month: of an edge; of it and the state's later edges */
    double *half;                  /* [S, C] all edges of the state, a sweep */
    uint64_t *start;               /* [S, C] */
    double *u;                     /* [C] */
    uint8_t *may_leave;            /* [C] */
} trajectory;

static void set_month(const problem *p, uint64_t subkey, const int64_t *people, trajectory *x) {
    const int64_t C = p->cohorts;
    for (int64_t i = 0; i < p->states * C; i++) x->start[i] = mixed(subkey + p->key[i]);
    for (int64_t e = 0; e < p->edges; e++) {
        double log_factor = 0.0;
        for (int64_t m = 0; m < p->feedbacks; m++)
            if (p->fed_edge[m] == e)
                log_factor += p->coefficient[m] * log1p((double)people[p->read_state[m]] / p->scale);
        double factor = exp(log_factor);
        for (int64_t c = 0; c < C; c++) x->hazard[e * C + c] = p->base[e * C + c] * factor;
    }
    for (int64_t s = 0; s < p->states; s++) {
        double *half = x->half + s * C;
        for (int64_t c = 0; c < C; c++) half[c] = 0.0;
        for (int64_t e = p->first[s + 1] - 1; e >= p->first[s]; e--)
            for (int64_t c = 0; c < C; c++) x->beyond[e * C + c] = half[c] += x->hazard[e * C + c];
        for (int64_t c = 0; c < C; c++) half[c] /= SWEEPS;
    }
}

/* Place those who leave a cell over its edges; returns how many moved against the order. */
static inline int64_t place(const problem *p, trajectory *x, int sweep, int64_t s, int64_t c, int64_t gone) {
    const int64_t C = p->cohorts;
    int64_t back = 0;
    for (int32_t e = p->first[s]; gone > 0; e++) {
        double hazard = x->hazard[e * C + c], beyond = x->beyond[e * C + c], share = hazard / beyond;
        int64_t moved = gone;
        if (hazard < beyond) {
            double u = uniform_at(x->start[s * C + c], sweep, 2 + (uint64_t)(e - p->first[s]));
            moved = u <= 1.0 - (double)gone * share ? 0 : binomial_quantile(p, u, gone, share);
        }
        gone -= moved;
        if (p->dest[e] > s) {
            x->entered[p->dest[e] * C + c] += moved;
        } else {
            x->later[p->dest[e] * C + c] += moved;
            back += moved;
        }
    }
    return back;
}

static int64_t sweep_state(const problem *p, trajectory *x, int sweep, int64_t s) {
    const int64_t C = p->cohorts;
    int64_t *n = x->n + s * C, *entered = x->entered + s * C, back = 0;
    const double *half = x->half + s * C;
    const uint64_t *start = x->start + s * C;
    for (int64_t c = 0; c < C; c++) {
        x->u[c] = uniform_at(start[c], sweep, 0);
        x->may_leave[c] = (x->u[c] > 1.0 - half[c] * (double)n[c]) | (entered[c] > 0);
    }
    for (int64_t c = 0; c < C; c++) {
        if (!x->may_leave[c] || half[c] <= 0.0) {
            n[c] += entered[c];
            entered[c] = 0;
            continue;
        }
        int64_t fresh = entered[c], gone = leavers(p, x->u[c], n[c], half[c]);
        entered[c] = 0;
        n[c] += fresh - gone;
        if (fresh > 0) {
            int64_t gone_fresh = entrant_leavers(p, uniform_at(start[c], sweep, 1), fresh, half[c]);
            n[c] -= gone_fresh;
            gone += gone_fresh;
        }
        if (gone > 0) back += place(p, x, sweep, s, c, gone);
    }
    return back;
}

static void record(const problem *p, const int64_t *n, int64_t *world) {
    for (int64_t s = 0; s < p->states; s++) {
        world[s] = 0;
        for (int64_t c = 0; c < p->cohorts; c++) world[s] += n[s * p->cohorts + c];
    }
}

/* Run one trajectory: people n[S, C] at the start become those at the end, and world[T + 1, S] is filled.
   subkey[T + 1] selects the random numbers of every month. Returns 0, or 1 where there is no memory. */
int run(const problem *p, const uint64_t *subkey, int64_t *n, int64_t *world) {
    const int64_t S = p->states, C = p->cohorts, E = p->edges;
    char *block = calloc(1, (size_t)((4 * S + 2 * E + 1) * C * 8 + C));
    if (!block) return 1;
    trajectory x = {.n = n};
    x.entered = (int64_t *)block, x.later = x.entered + S * C;
    x.start = (uint64_t *)(x.later + S * C);
    x.half = (double *)(x.start + S * C), x.hazard = x.half + S * C, x.beyond = x.hazard + E * C;
    x.u = x.beyond + E * C, x.may_leave = (uint8_t *)(x.u + C);
    record(p, n, world);
    for (int64_t t = 1; t <= p->months; t++) {
        set_month(p, subkey[t], world + (t - 1) * S, &x);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            int64_t back = 0;
            for (int64_t s = 0; s < S; s++) back += sweep_state(p, &x, sweep, s);
            if (back > 0) {
                for (int64_t i = 0; i < S * C; i++) n[i] += x.later[i];
                memset(x.later, 0, (size_t)(S * C) * sizeof *x.later);
            }
        }
        record(p, n, world + t * S);
    }
    free(block);
    return 0;
}
