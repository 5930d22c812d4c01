package main

import (
	"bufio"
	"fmt"
	"os"

	"talentmatch/index/extract"
	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

func main() {
	recs, err := taxonomy.Builtin()
	if err != nil {
		panic(err)
	}
	var ss []*talent.Skill
	var oo []*talent.Occupation
	for _, r := range recs {
		switch r := r.(type) {
		case *talent.Skill:
			ss = append(ss, r)
		case *talent.Occupation:
			oo = append(oo, r)
		}
	}
	c := taxonomy.NewCatalogue(ss, oo)
	x := extract.New(c)
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		t := sc.Text()
		id, others, ok := c.Resolve(t)
		fmt.Printf("%s\t%v %s %v\t", t, ok, id, others)
		for _, f := range x.Extract(t) {
			fmt.Printf("[%s=%s %.2f]", f.Text, f.Skill, f.Confidence)
		}
		fmt.Println()
	}
}
