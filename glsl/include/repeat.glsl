// REPEAT_n(M) writes M(0) M(1) … M(n - 1): loops whose bodies index registers must be unrolled in the text, since not
// every driver unrolls them.
#define REPEAT_1(M) M(0)
#define REPEAT_2(M) REPEAT_1(M) M(1)
#define REPEAT_3(M) REPEAT_2(M) M(2)
#define REPEAT_4(M) REPEAT_3(M) M(3)
#define REPEAT_5(M) REPEAT_4(M) M(4)
#define REPEAT_6(M) REPEAT_5(M) M(5)
#define REPEAT_7(M) REPEAT_6(M) M(6)
#define REPEAT_8(M) REPEAT_7(M) M(7)

// REPEAT_WITH_n(M, j): the same with a fixed first argument, for a loop within a loop.
#define REPEAT_WITH_1(M, j) M(j, 0)
#define REPEAT_WITH_2(M, j) REPEAT_WITH_1(M, j) M(j, 1)
#define REPEAT_WITH_3(M, j) REPEAT_WITH_2(M, j) M(j, 2)
#define REPEAT_WITH_4(M, j) REPEAT_WITH_3(M, j) M(j, 3)
#define REPEAT_WITH_5(M, j) REPEAT_WITH_4(M, j) M(j, 4)
#define REPEAT_WITH_6(M, j) REPEAT_WITH_5(M, j) M(j, 5)
#define REPEAT_WITH_7(M, j) REPEAT_WITH_6(M, j) M(j, 6)
#define REPEAT_WITH_8(M, j) REPEAT_WITH_7(M, j) M(j, 7)
