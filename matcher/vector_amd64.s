#include "textflag.h"

// LOOKUP adds what the 64 codes in Z8 are worth to two registers of 32 sums. K1 are the
// codes that are not 0; Z0..Z3 are the low bytes of the worth of code 0..255, Z4..Z7 the
// high ones. VPERMI2B looks up seven bits of an index; the eighth chooses between two.
#define LOOKUP(first, second) \
	VPMOVB2M   Z8, K2           \
	VMOVDQA64  Z8, Z9           \
	VMOVDQA64  Z8, Z10          \
	VMOVDQA64  Z8, Z11          \
	VMOVDQA64  Z8, Z12          \
	VPERMI2B.Z Z1, Z0, K1, Z9   \
	VPERMI2B   Z3, Z2, Z10      \
	VPERMI2B.Z Z5, Z4, K1, Z11  \
	VPERMI2B   Z7, Z6, Z12      \
	VMOVDQU8   Z10, K2, Z9      \
	VMOVDQU8   Z12, K2, Z11     \
	VPUNPCKLBW Z11, Z9, Z13     \
	VPUNPCKHBW Z11, Z9, Z14     \
	VPADDW     Z13, first, first \
	VPADDW     Z14, second, second

// EXPAND loads the codes of the 64 rows of a bitmap's word into Z8, the rows into K1, and
// moves R12 behind them.
#define EXPAND(word) \
	MOVQ       word, AX   \
	KMOVQ      AX, K1     \
	POPCNTQ    AX, AX     \
	VMOVDQU8   (R12), Z8  \
	VPEXPANDB.Z Z8, K1, Z8 \
	ADDQ       AX, R12

#define LOADSUMS \
	VMOVDQU64 0(DI), Z16   \
	VMOVDQU64 64(DI), Z17  \
	VMOVDQU64 128(DI), Z18 \
	VMOVDQU64 192(DI), Z19 \
	VMOVDQU64 256(DI), Z20 \
	VMOVDQU64 320(DI), Z21 \
	VMOVDQU64 384(DI), Z22 \
	VMOVDQU64 448(DI), Z23

#define STORESUMS \
	VMOVDQU64 Z16, 0(DI)   \
	VMOVDQU64 Z17, 64(DI)  \
	VMOVDQU64 Z18, 128(DI) \
	VMOVDQU64 Z19, 192(DI) \
	VMOVDQU64 Z20, 256(DI) \
	VMOVDQU64 Z21, 320(DI) \
	VMOVDQU64 Z22, 384(DI) \
	VMOVDQU64 Z23, 448(DI)

#define DENSE(at) \
	VMOVDQU8 at(R8), Z8 \
	VPTESTMB Z8, Z8, K1

// func addTilesAVX512(a *tally, ops *tileOp, n int)
TEXT ·addTilesAVX512(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), DI
	MOVQ ops+8(FP), SI
	MOVQ n+16(FP), CX
	LOADSUMS

next:
	MOVQ     0(SI), R8
	MOVQ     8(SI), R9
	MOVQ     16(SI), R10
	CMPQ     24(SI), $1
	VMOVDQU8 0(R9), Z0
	VMOVDQU8 64(R9), Z1
	VMOVDQU8 128(R9), Z2
	VMOVDQU8 192(R9), Z3
	VMOVDQU8 0(R10), Z4
	VMOVDQU8 64(R10), Z5
	VMOVDQU8 128(R10), Z6
	VMOVDQU8 192(R10), Z7
	JEQ      dense
	LEAQ     32(R8), R12
	EXPAND(0(R8))
	LOOKUP(Z16, Z17)
	EXPAND(8(R8))
	LOOKUP(Z18, Z19)
	EXPAND(16(R8))
	LOOKUP(Z20, Z21)
	EXPAND(24(R8))
	LOOKUP(Z22, Z23)
	ADDQ     $32, SI
	DECQ     CX
	JNZ      next
	JMP      done

dense:
	DENSE(0)
	LOOKUP(Z16, Z17)
	DENSE(64)
	LOOKUP(Z18, Z19)
	DENSE(128)
	LOOKUP(Z20, Z21)
	DENSE(192)
	LOOKUP(Z22, Z23)
	ADDQ $32, SI
	DECQ CX
	JNZ  next

done:
	STORESUMS
	VZEROUPPER
	RET

// SCALE adds the products of weights (a code's high five bits) and credits (its low
// three) to two registers of 32 sums, which stop at the largest number. Z0 and Z1 are the
// bytes of the weights, Z2 and Z3 those of the credits; Z4 is 31s, Z5 7s, Z6 is 2s.
#define SCALE(first, second) \
	VPSRLW     $3, Z8, Z9         \
	VPANDQ     Z4, Z9, Z9         \
	VPANDQ     Z5, Z8, Z8         \
	VPERMB.Z   Z0, Z9, K1, Z10    \
	VPERMB.Z   Z1, Z9, K1, Z11    \
	VPSHUFB.Z  Z8, Z2, K1, Z12    \
	VPSHUFB.Z  Z8, Z3, K1, Z13    \
	VPMOVM2B   K1, Z7             \
	VPANDQ     Z6, Z7, Z7         \
	VPUNPCKLBW Z11, Z10, Z14      \
	VPUNPCKHBW Z11, Z10, Z15      \
	VPUNPCKLBW Z13, Z12, Z24      \
	VPUNPCKHBW Z13, Z12, Z25      \
	VPMULHUW   Z24, Z14, Z14      \
	VPMULHUW   Z25, Z15, Z15      \
	VPADDW     Z14, Z14, Z14      \
	VPADDW     Z15, Z15, Z15      \
	VPUNPCKLBW Z26, Z7, Z24       \
	VPUNPCKHBW Z26, Z7, Z25       \
	VPADDW     Z24, Z14, Z14      \
	VPADDW     Z25, Z15, Z15      \
	VPADDUSW   Z14, first, first  \
	VPADDUSW   Z15, second, second

// CREDITBYTES separates eight numbers into low and high bytes, the same in every 16 bytes.
DATA evenbytes<>+0(SB)/8, $0x0e0c0a0806040200
DATA evenbytes<>+8(SB)/8, $0x0e0c0a0806040200
GLOBL evenbytes<>(SB), RODATA|NOPTR, $16
DATA oddbytes<>+0(SB)/8, $0x0f0d0b0907050301
DATA oddbytes<>+8(SB)/8, $0x0f0d0b0907050301
GLOBL oddbytes<>(SB), RODATA|NOPTR, $16

// func addScaledTilesAVX512(a *tally, ops *scaledOp, n int, weights *[128]uint8)
TEXT ·addScaledTilesAVX512(SB), NOSPLIT, $0-32
	MOVQ a+0(FP), DI
	MOVQ ops+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ weights+24(FP), BX
	LOADSUMS
	VMOVDQU8     0(BX), Z0
	VMOVDQU8     64(BX), Z1
	MOVL         $31, AX
	VPBROADCASTB AX, Z4
	MOVL         $7, AX
	VPBROADCASTB AX, Z5
	MOVL         $2, AX
	VPBROADCASTB AX, Z6
	VPXORQ       Z26, Z26, Z26
	VBROADCASTI32X4 evenbytes<>(SB), Z27
	VBROADCASTI32X4 oddbytes<>(SB), Z28

scalednext:
	MOVQ     0(SI), R8
	MOVQ     8(SI), R9
	CMPQ     16(SI), $1
	VBROADCASTI32X4 (R9), Z9
	VPSHUFB  Z27, Z9, Z2
	VPSHUFB  Z28, Z9, Z3
	JEQ      scaleddense
	LEAQ     32(R8), R12
	EXPAND(0(R8))
	SCALE(Z16, Z17)
	EXPAND(8(R8))
	SCALE(Z18, Z19)
	EXPAND(16(R8))
	SCALE(Z20, Z21)
	EXPAND(24(R8))
	SCALE(Z22, Z23)
	ADDQ     $24, SI
	DECQ     CX
	JNZ      scalednext
	JMP      scaleddone

scaleddense:
	DENSE(0)
	SCALE(Z16, Z17)
	DENSE(64)
	SCALE(Z18, Z19)
	DENSE(128)
	SCALE(Z20, Z21)
	DENSE(192)
	SCALE(Z22, Z23)
	ADDQ $24, SI
	DECQ CX
	JNZ  scalednext

scaleddone:
	STORESUMS
	VZEROUPPER
	RET

// func reachingAVX512(a *tally, least uint16, out *[4]uint64)
TEXT ·reachingAVX512(SB), NOSPLIT, $0-24
	MOVQ         a+0(FP), DI
	MOVWLZX      least+8(FP), AX
	MOVQ         out+16(FP), SI
	VPBROADCASTW AX, Z0
	LOADSUMS
	VPCMPUW      $5, Z0, Z16, K1
	VPCMPUW      $5, Z0, Z17, K2
	VPCMPUW      $5, Z0, Z18, K3
	VPCMPUW      $5, Z0, Z19, K4
	KMOVD        K1, 0(SI)
	KMOVD        K2, 4(SI)
	KMOVD        K3, 8(SI)
	KMOVD        K4, 12(SI)
	VPCMPUW      $5, Z0, Z20, K1
	VPCMPUW      $5, Z0, Z21, K2
	VPCMPUW      $5, Z0, Z22, K3
	VPCMPUW      $5, Z0, Z23, K4
	KMOVD        K1, 16(SI)
	KMOVD        K2, 20(SI)
	KMOVD        K3, 24(SI)
	KMOVD        K4, 28(SI)
	VZEROUPPER
	RET

// func earnAVX512(credits *[32]uint16, n int, skills *int32, grades *grade, slots *int32, most int, sims *[32]uint16, fits *[8][32]uint16) (other uint64)
//
// Z0 are the credits so far, of 32 needs. Skills from most on have slot 0, whose
// similarities are 0. R13 collects bits in which confidences differ from 100.
TEXT ·earnAVX512(SB), NOSPLIT, $0-72
	MOVQ   credits+0(FP), DI
	MOVQ   n+8(FP), CX
	MOVQ   skills+16(FP), SI
	MOVQ   grades+24(FP), R8
	MOVQ   slots+32(FP), R9
	MOVQ   most+40(FP), R10
	MOVQ   sims+48(FP), R11
	MOVQ   fits+56(FP), R12
	XORQ   R13, R13
	MOVQ   $-1, R14
	VPXORQ Z0, Z0, Z0
	TESTQ  CX, CX
	JZ     earned

skill:
	MOVLQSX   (SI), AX
	CMPQ      AX, R10
	CMOVQCC   R14, AX
	MOVLQSX   4(R9)(AX*4), BX
	MOVWLZX   (R8), DX
	SHLQ      $6, BX
	VMOVDQU64 (R11)(BX*1), Z1
	MOVL      DX, AX
	ANDL      $7, AX
	SHLL      $6, AX
	VPMULLW   (R12)(AX*1), Z1, Z1
	VPMAXUW   Z1, Z0, Z0
	SHRL      $8, DX
	XORL      $100, DX
	ORQ       DX, R13
	ADDQ      $4, SI
	ADDQ      $2, R8
	DECQ      CX
	JNZ       skill

earned:
	VMOVDQU64 Z0, (DI)
	MOVQ      R13, other+64(FP)
	VZEROUPPER
	RET

// WEIGH multiplies 32 numbers at SI by Z0 (a quotient), adds Z1 to those that are not 0,
// and stores the results, their low bytes and their high bytes.
#define WEIGH(at, half) \
	VMOVDQU64 at(SI), Z2         \
	VPTESTMW  Z2, Z2, K1         \
	VPMULHUW  Z0, Z2, Z2         \
	VPADDW.Z  Z1, Z2, K1, Z2     \
	VMOVDQU64 Z2, at(DI)         \
	VPMOVWB   Z2, Y3             \
	VPSRLW    $8, Z2, Z4         \
	VPMOVWB   Z4, Y5             \
	VMOVDQU   Y3, (512+half)(DI) \
	VMOVDQU   Y5, (768+half)(DI)

// func weighAVX512(out *needLookup, worth *[256]uint16, share, more uint16)
TEXT ·weighAVX512(SB), NOSPLIT, $0-20
	MOVQ         out+0(FP), DI
	MOVQ         worth+8(FP), SI
	MOVWLZX      share+16(FP), AX
	MOVWLZX      more+18(FP), BX
	VPBROADCASTW AX, Z0
	VPBROADCASTW BX, Z1
	WEIGH(0, 0)
	WEIGH(64, 32)
	WEIGH(128, 64)
	WEIGH(192, 96)
	WEIGH(256, 128)
	WEIGH(320, 160)
	WEIGH(384, 192)
	WEIGH(448, 224)
	VZEROUPPER
	RET
