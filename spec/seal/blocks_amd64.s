#include "textflag.h"

#define EIGHT(OP) \
	OP X8, X0 \
	OP X8, X1 \
	OP X8, X2 \
	OP X8, X3 \
	OP X8, X4 \
	OP X8, X5 \
	OP X8, X6 \
	OP X8, X7

// func decryptBlocks(keys *byte, rounds int, dst, src *byte, before *[16]byte, blocks int)
TEXT ·decryptBlocks(SB), NOSPLIT, $0-48
	MOVQ  keys+0(FP), R8
	MOVQ  rounds+8(FP), R9
	MOVQ  dst+16(FP), DI
	MOVQ  src+24(FP), SI
	MOVQ  before+32(FP), R10
	MOVQ  blocks+40(FP), CX
	MOVOU (R10), X15         // the block of ciphertext before

eight:
	CMPQ  CX, $8
	JLT   one
	MOVOU 0(SI), X0
	MOVOU 16(SI), X1
	MOVOU 32(SI), X2
	MOVOU 48(SI), X3
	MOVOU 64(SI), X4
	MOVOU 80(SI), X5
	MOVOU 96(SI), X6
	MOVOU 112(SI), X7
	MOVOU (R8), X8
	EIGHT(PXOR)
	LEAQ  16(R8), R11
	LEAQ  -1(R9), DX

round:
	MOVOU (R11), X8
	EIGHT(AESDEC)
	ADDQ  $16, R11
	DECQ  DX
	JNZ   round
	MOVOU (R11), X8
	EIGHT(AESDECLAST)

	PXOR  X15, X0
	MOVOU 0(SI), X8
	PXOR  X8, X1
	MOVOU 16(SI), X8
	PXOR  X8, X2
	MOVOU 32(SI), X8
	PXOR  X8, X3
	MOVOU 48(SI), X8
	PXOR  X8, X4
	MOVOU 64(SI), X8
	PXOR  X8, X5
	MOVOU 80(SI), X8
	PXOR  X8, X6
	MOVOU 96(SI), X8
	PXOR  X8, X7
	MOVOU 112(SI), X15
	MOVOU X0, 0(DI)
	MOVOU X1, 16(DI)
	MOVOU X2, 32(DI)
	MOVOU X3, 48(DI)
	MOVOU X4, 64(DI)
	MOVOU X5, 80(DI)
	MOVOU X6, 96(DI)
	MOVOU X7, 112(DI)
	ADDQ  $128, SI
	ADDQ  $128, DI
	SUBQ  $8, CX
	JMP   eight

one:
	TESTQ CX, CX
	JZ    done
	MOVOU (SI), X0
	MOVOU X0, X1
	MOVOU (R8), X8
	PXOR  X8, X0
	LEAQ  16(R8), R11
	LEAQ  -1(R9), DX

roundOfOne:
	MOVOU  (R11), X8
	AESDEC X8, X0
	ADDQ   $16, R11
	DECQ   DX
	JNZ    roundOfOne
	MOVOU  (R11), X8

	AESDECLAST X8, X0
	PXOR       X15, X0
	MOVOU      X1, X15
	MOVOU      X0, (DI)
	ADDQ       $16, SI
	ADDQ       $16, DI
	DECQ       CX
	JMP        one

done:
	MOVOU X15, (R10)
	RET

// func subWord(word uint32) uint32
TEXT ·subWord(SB), NOSPLIT, $0-12
	MOVL            word+0(FP), AX
	MOVD            AX, X0
	PSHUFD          $0, X0, X0
	AESKEYGENASSIST $0, X0, X1
	MOVD            X1, AX
	MOVL            AX, ret+8(FP)
	RET

// func invMixColumns(key *byte)
TEXT ·invMixColumns(SB), NOSPLIT, $0-8
	MOVQ   key+0(FP), DI
	MOVOU  (DI), X0
	AESIMC X0, X0
	MOVOU  X0, (DI)
	RET

// func encryptBlocks(keys *byte, rounds int, dst, src *byte, before *[16]byte, blocks int)
TEXT ·encryptBlocks(SB), NOSPLIT, $0-48
	MOVQ  keys+0(FP), R8
	MOVQ  rounds+8(FP), R9
	MOVQ  dst+16(FP), DI
	MOVQ  src+24(FP), SI
	MOVQ  before+32(FP), R10
	MOVQ  blocks+40(FP), CX
	MOVOU (R10), X0          // the block of ciphertext before
	MOVOU (R8), X2

block:
	MOVOU (SI), X1
	PXOR  X2, X1   // not after X0: only one operation waits for the block before
	PXOR  X1, X0
	LEAQ  16(R8), R11
	LEAQ  -1(R9), DX

roundOfBlock:
	MOVOU  (R11), X3
	AESENC X3, X0
	ADDQ   $16, R11
	DECQ   DX
	JNZ    roundOfBlock
	MOVOU  (R11), X3

	AESENCLAST X3, X0
	MOVOU      X0, (DI)
	ADDQ       $16, SI
	ADDQ       $16, DI
	DECQ       CX
	JNZ        block
	MOVOU      X0, (R10)
	RET
