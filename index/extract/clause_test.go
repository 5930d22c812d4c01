package extract

import (
	"fmt"
	"strings"
	"testing"
)

// read writes a reading as "skill level need" of each find, removed ones after a
// bar.
func read(x *Extractor, text string) string {
	r := x.Read(text)
	var out []string
	for _, f := range r.Found {
		s := f.Skill
		if f.Level > 0 {
			s += fmt.Sprint(f.Level)
		}
		switch f.Required {
		case Required:
			s += "!"
		case Preferred:
			s += "?"
		}
		out = append(out, s)
	}
	if len(r.Removed) > 0 {
		out = append(out, "|")
	}
	for _, f := range r.Removed {
		out = append(out, f.Skill)
	}
	return strings.Join(out, " ")
}

// TestReading: a digit is the level, ! is required, ? preferred, and what stands
// behind | is removed.
func TestReading(t *testing.T) {
	x := New(trade())
	for _, c := range []struct{ text, want string }{
		// Levels before a list, and where they end.
		{"熟练掌握PLC编程、机械制图，了解工业机器人操作", "plc4 draw4 robot-ops1"},
		{"精通Python，熟悉Java和C++，负责数据库维护", "python5 java3 cpp3 db"},
		{"熟悉PLC编程；负责工业机器人操作", "plc3 robot-ops"},
		{"熟悉PLC编程，有数据库经验", "plc3 db"},
		{"会PLC编程，能独立完成机械制图，懂UG", "plc3 draw3 ug3"},
		{"会议室有数据库，机会难得", "db"},
		{"熟悉、掌握PLC编程", "plc3"},
		{"熟练使用Excel，Python以及Java", "excel4 python4 java4"},
		{"熟练使用UG做机械制图", "ug4 draw"},
		{"熟悉PLC编程，客户服务能力强", "plc3 service"},
		{"瞭解PLC編程", "plc1"},
		// Levels behind.
		{"PLC编程：精通；机械制图：熟练", "plc5 draw4"},
		{"PLC编程（熟练）、机械制图（了解）、Python", "plc4 draw1 python"},
		{"Python - expert, Java - basic", "python5 java1"},
		{"Python (advanced), Java (basic) and Go", "python4 java1 go"},
		{"对PLC编程有一定的了解", "plc1"},
		{"UG操作熟练，会机械制图", "ug4 draw3"},
		// English levels.
		{"Expert in PLC programming, working knowledge of Java", "plc5 java3"},
		{"Strong Python skills and basic Java", "python4 java1"},
		{"Familiar with Python, Java and C++.", "python3 java3 cpp3"},
		{"Hands-on experience with industrial robots", "robot3"},
		{"basic working knowledge of Java", "java1"},
		{"some exposure to databases. Python", "db1 python"},
		// Required and preferred.
		{"必须熟悉PLC编程，有机器人经验者优先", "plc3! robot?"},
		{"要求熟悉PLC编程，会机械制图", "plc3! draw3!"},
		{"需会UG，Python更佳", "ug3! python?"},
		{"需求分析，客户要求PLC编程", "plc"},
		{"有PLC编程、机器人经验者优先", "plc? robot?"},
		{"PLC编程，UG优先", "plc? ug?"},
		{"精通PLC编程，UG优先", "plc5 ug?"},
		{"精通PLC编程、UG者优先", "plc5? ug5?"},
		{"优先考虑会PLC编程的", "plc3?"},
		{"懂Java加分；最好懂UG", "java3? ug3?"},
		{"PLC编程为必备技能", "plc!"},
		{"Must know Python. Java is a plus.", "python! java?"},
		{"Python, Java and C++ required; Go preferred", "python! java! cpp! go?"},
		{"Python required, Java preferred", "python! java?"},
		{"Python preferred but not required", "python?"},
		{"Nice to have: Java, Go", "java? go?"},
		{"Ideally you know Java", "java?"},
		// Headings hold until the next one.
		{"岗位职责：\n1、PLC编程；\n任职要求：\n1、熟悉UG；\n2、会机械制图\n加分项\n1. Python；\n公司福利：\n福利\n有机器人", "plc ug3! draw3! python? robot"},
		{"【任职要求】PLC编程；UG【加分项】Java", "plc! ug! java?"},
		{"Requirements:\n- Python\n- Java\nNice to have:\n- Go\nResponsibilities:\n- databases", "python! java! go? db"},
		{"任职要求：1、熟悉PLC编程；2、有机器人经验者优先；3、会UG。", "plc3! robot? ug3!"},
		{"了解基本要求，熟悉PLC编程", "plc3"},
		// Negation beats both.
		{"不要求会PLC编程、UG，熟悉Java", "java3 | plc ug"},
		{"任职要求：无需PLC编程经验，会UG", "ug3! | plc"},
		{"PLC编程不作要求，UG必须熟练", "ug4! | plc"},
		{"不仅要求熟悉PLC编程", "plc3!"},
		{"No experience in C++ needed; Java required", "java! | cpp"},
		{"No prior knowledge of Python or Java is required.", "| python java"},
		{"Java is not required but Python is a must", "python! | java"},
		{"You don't need to know Java", "| java"},
		{"无PLC编程经验亦可，无UG基础者勿投", "ug! | plc"},
		{"不会UG也可以培训", "| ug"},
		{"学历不限，熟悉PLC编程，专业不限", "plc3"},
		// What is no skill here.
		{"数据库、机器人等相关专业，熟悉PLC编程", "plc3 | db robot"},
		{"机器人公司诚聘，会PLC编程", "plc3 | robot"},
		{"我们是一家专注工业机器人的公司，要求会PLC编程", "plc3! | robot"},
	} {
		if got := read(x, c.text); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestSkillsMerge: of several places the best find, the highest level and the
// strictest need count.
func TestSkillsMerge(t *testing.T) {
	got := New(trade()).Skills("了解PLC。精通PLC编程者优先；必须会PLC。不要求Java，会Java优先。")
	if len(got) != 2 || got[0].Skill != "java" || got[0].Level != 3 || got[0].Required != Preferred ||
		got[1].Text != "PLC编程" || got[1].Level != 5 || got[1].Required != Required {
		t.Errorf("Skills = %+v", got)
	}
}
