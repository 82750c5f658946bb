#include "textflag.h"

// A byte is mirrored by looking its two halves up in tables of 16: mirrored, the
// low half becomes the high one and the high half the low one.

DATA low<>+0(SB)/8, $0xe060a020c0408000
DATA low<>+8(SB)/8, $0xf070b030d0509010
GLOBL low<>(SB), RODATA|NOPTR, $16

DATA high<>+0(SB)/8, $0x0e060a020c040800
DATA high<>+8(SB)/8, $0x0f070b030d050901
GLOBL high<>(SB), RODATA|NOPTR, $16

DATA half<>+0(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA half<>+8(SB)/8, $0x0f0f0f0f0f0f0f0f
GLOBL half<>(SB), RODATA|NOPTR, $16

// func mirrorBlocks(dst, src *byte, blocks int)
TEXT ·mirrorBlocks(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ blocks+16(FP), CX
	VBROADCASTI128 low<>(SB), Y0
	VBROADCASTI128 high<>(SB), Y1
	VBROADCASTI128 half<>(SB), Y2

next:
	VMOVDQU (SI), Y3
	VPSRLW  $4, Y3, Y4
	VPAND   Y2, Y3, Y3
	VPAND   Y2, Y4, Y4
	VPSHUFB Y3, Y0, Y3
	VPSHUFB Y4, Y1, Y4
	VPOR    Y3, Y4, Y3
	VMOVDQU Y3, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	DECQ    CX
	JNZ     next
	VZEROUPPER
	RET
